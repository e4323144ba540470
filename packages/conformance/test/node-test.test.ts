import { spawnSync } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { expect, it } from 'vitest'

it('the kits run under node:test as well', { timeout: 60_000 }, () => {
  const file = fileURLToPath(new URL('support/under-node-test.ts', import.meta.url))
  const { NODE_OPTIONS: _, ...env } = process.env
  const { stdout, stderr, status } = spawnSync(
    process.execPath,
    ['--conditions=@outdial/source', '--import', 'tsx', '--test', '--test-reporter=tap', file],
    { encoding: 'utf8', env },
  )
  expect({ status, stderr }).toEqual({ status: 0, stderr: '' })
  expect(stdout).toContain('S-001 MUST say for which version of the port it was written')
  expect(stdout).toContain('C-030 MUST answer `unknown`')
  expect(stdout).toContain('R-060 MUST answer `unknown`')
  expect(stdout).toMatch(/# fail 0/)
})
