import { afterEach, expect, it, vi } from 'vitest'

const CREDENTIALS = [{ key: 'a-long-random-key' }, { key: 'a-long-random-key', secret: 'schlüssel' }]

afterEach(() => void vi.restoreAllMocks())

/** The module as a runtime has it, with Node's own hash or without. */
async function moduleOf(runtime: 'node' | 'web') {
  vi.resetModules()
  if (runtime === 'web') vi.spyOn(process, 'getBuiltinModule').mockReturnValue(undefined as never)
  return import('../../src/directory/credential-hash.js')
}

it('is the same SHA-256 in every runtime', async () => {
  const digest = vi.spyOn(crypto.subtle, 'digest')
  const { credentialHash } = await moduleOf('node')
  const hashes = await Promise.all(CREDENTIALS.map(credentialHash))
  expect(digest).not.toHaveBeenCalled()
  const web = await moduleOf('web')
  for (const [i, credential] of CREDENTIALS.entries()) {
    const hash = await web.credentialHash(credential)
    expect(hash).toHaveLength(32)
    expect(web.sameHash(hash, hashes[i] as Uint8Array)).toBe(true)
    expect(web.sameHash(hash, hashes[1 - i] as Uint8Array)).toBe(false)
  }
  expect(digest).toHaveBeenCalledTimes(2)
})
