import { memoryStorage } from '@outdial/storage-memory'
import { describe, expect, it } from 'vitest'
import { defineConformance, type Report, runConformance } from '../src/index.js'
import { patched } from './sabotage/sabotage.js'

const memory = {
  name: 'memory',
  clock: 'given',
  create: async () => ({ storage: memoryStorage(), destroy: async () => {} }),
} as const

describe('runConformance', () => {
  it('should say what was kept, what was broken and what was not claimed', async () => {
    const create = async () => ({
      storage: patched((inner) => ({ findTask: async (jobId) => inner.findTask(jobId, '') })),
      destroy: async () => {},
    })
    const rules = ['S-001', 'S-026', 'S-020', 'S-027', 'S-180', 'S-200', 'S-164']
    const told = await runConformance({ name: 'forgetful', clock: 'given', create }, { rules })

    expect(told).toMatchObject({
      port: 2,
      adapter: { name: 'forgetful', capabilities: { shared: false, durable: false, portVersion: 2 } },
      conforms: false,
      levels: {
        core: { passed: 2, failed: 2, notClaimed: 0 },
        shared: { passed: 0, failed: 0, notClaimed: 1 },
        durable: { notClaimed: 1 },
        paced: { passed: 1, failures: [] },
      },
    })
    expect(told.levels.core.failures.map(({ rule }) => rule)).toEqual(['S-020', 'S-027'])
    expect(JSON.parse(JSON.stringify(told))).toEqual(told)
  })

  it('should have a claim proven that the harness cannot prove', async () => {
    const create = async () => ({
      storage: patched((inner) => ({ capabilities: { ...inner.capabilities, shared: true } })),
      destroy: async () => {},
    })
    const { levels } = await runConformance({ name: 'boastful', clock: 'given', create }, { rules: ['S-180'] })
    expect(levels.shared.failures[0]?.message).toContain('openSecond')
  })
})

describe('defineConformance', () => {
  it('should hand over the report after the last rule, and name every test by its rule', async () => {
    const tests: { name: string; run: () => Promise<void> }[] = []
    const reports: Report[] = []
    const runner = {
      describe: (_: string, define: () => void) => define(),
      it: (name: string, run: () => Promise<void>) => tests.push({ name, run }),
    }
    defineConformance(runner, memory, { runs: 1, report: (report) => void reports.push(report) })
    expect(tests.every(({ name }) => /^S-\d{3} MUST [a-z]/.test(name))).toBe(true)
    for (const { run } of tests.slice(0, -1)) await run()
    expect(reports).toEqual([])
    await tests.at(-1)?.run()
    expect(reports).toMatchObject([{ conforms: true, levels: { core: { failed: 0 }, shared: { passed: 0 } } }])
  })
})
