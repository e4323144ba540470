/** What a client shows to say who it is. */
export interface Credential {
  readonly key: string
  /** For services that use a pair. */
  readonly secret?: string
}

/** Longer ones are nobody's, and need not be hashed to know it. */
const LONGEST = 1024

/** `Authorization: Bearer KEY`. The scheme's case does not matter. */
export function bearer(headers: Headers): Credential | undefined {
  const match = /^bearer +(\S+) *$/i.exec(headers.get('authorization') ?? '')
  return credential(match?.[1])
}

/** A key in a header of its own, e.g. `x-api-key`. */
export function keyHeader(name: string): (headers: Headers) => Credential | undefined {
  return (headers) => credential(headers.get(name) ?? undefined)
}

/** A key and a secret in two headers, both needed. */
export function keyPair(keyName: string, secretName: string): (headers: Headers) => Credential | undefined {
  return (headers) => {
    const key = credential(headers.get(keyName) ?? undefined)
    const secret = credential(headers.get(secretName) ?? undefined)
    return key && secret && { key: key.key, secret: secret.key }
  }
}

function credential(key: string | undefined): Credential | undefined {
  return key === undefined || key === '' || key.length > LONGEST ? undefined : { key }
}
