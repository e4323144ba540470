import { existsSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { lmdbStorage } from '../src/index.js'
import { folder } from './support/folder.js'

it('should make the folder', async () => {
  const path = join(folder(), 'deep', 'in.here')
  await lmdbStorage({ path }).close()
  expect(existsSync(join(path, 'data.mdb'))).toBe(true)
})

it('should say so when the path is a file', () => {
  const path = join(folder(), 'file')
  writeFileSync(path, '')
  expect(() => lmdbStorage({ path })).toThrow(
    expect.objectContaining({ code: 'storage_unavailable', message: expect.stringContaining(path) }),
  )
})

it('should refuse an empty path', () => {
  expect(() => lmdbStorage({ path: '' })).toThrow(expect.objectContaining({ code: 'invalid_options' }))
})
