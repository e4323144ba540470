/** Node's own hash, as Bun and Deno have it too. For a few bytes WebCrypto, which asks another thread, takes twenty times as long. */
const nodeCrypto: typeof import('node:crypto') | undefined = globalThis.process?.getBuiltinModule?.('node:crypto')

/**
 * SHA-256 of an API credential. Enough for keys that are long and random, which these have to be: nobody can try them all.
 */
export async function credentialHash({ key, secret }: { key: string; secret?: string }): Promise<Uint8Array> {
  const text = JSON.stringify([key, secret ?? null])
  if (nodeCrypto) return nodeCrypto.createHash('sha256').update(text).digest()
  return new Uint8Array(await globalThis.crypto.subtle.digest('SHA-256', new TextEncoder().encode(text)))
}

/** Whether two hashes are equal, in a time that does not depend on where they differ. */
export function sameHash(a: Uint8Array, b: Uint8Array): boolean {
  if (a.length !== b.length) return false
  let difference = 0
  for (const [i, byte] of a.entries()) difference |= byte ^ (b[i] as number)
  return difference === 0
}
