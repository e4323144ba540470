import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll } from 'vitest'

const folders: string[] = []
afterAll(() => {
  for (const path of folders) rmSync(path, { recursive: true, force: true })
})

/** An empty folder, gone after the tests of this file. */
export function folder(): string {
  const path = mkdtempSync(join(tmpdir(), 'outdial-lmdb-'))
  folders.push(path)
  return path
}
