import type { IdSource, Random } from '@outdial/core'

/** Lower-case letters and digits without the ones that are read wrong: 32 of them, five bits each. */
const ALPHABET = '0123456789abcdefghjkmnpqrstvwxyz'
const LENGTH = 20

/** Identifiers of 100 random bits from the platform's cryptographic source. */
export function systemIds(): IdSource {
  return {
    id(prefix: string): string {
      const bytes = globalThis.crypto.getRandomValues(new Uint8Array(LENGTH))
      let text = `${prefix}_`
      for (const byte of bytes) text += ALPHABET[byte & 31]
      return text
    },
  }
}

/** The platform's ordinary randomness. */
export function systemRandom(): Random {
  return { next: () => Math.random() }
}
