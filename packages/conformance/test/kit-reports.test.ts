import { describe, expect, it } from 'vitest'
import { type CarrierReport, defineCarrierConformance, runCarrierConformance } from '../src/carriers/index.js'
import { type ResourceReport, runResourceConformance } from '../src/resources/index.js'
import { exchangeHarness } from './carriers/support/exchange-harness.js'
import { depotHarness } from './resources/support/depot-harness.js'

describe('runCarrierConformance', () => {
  it('should say what was kept, broken, not claimed and not tried, as plain data', async () => {
    const sound = exchangeHarness('exchange', {
      change: ({ check: _, ...inner }) => ({
        ...inner,
        capabilities: { ...inner.capabilities, idempotency: 'none' },
        place: async () => ({ status: 'rejected', reason: 'contact', code: '1' }),
      }),
    })
    const harness = {
      ...sound,
      create: async (...args: Parameters<typeof sound.create>) => {
        const { wrongKey: _, ...under } = await sound.create(...args)
        return under
      },
    }
    const rules = ['C-001', 'C-010', 'C-020', 'C-026', 'C-040', 'C-100']
    const reports: CarrierReport[] = []
    const told = await runCarrierConformance(harness, { rules, report: (report) => void reports.push(report) })
    expect(told).toMatchObject({
      adapter: { name: 'exchange', capabilities: { idempotency: 'none', cps: 10 } },
      conforms: false,
      levels: {
        core: { passed: 1, failed: 2, notTried: ['C-026'] },
        idempotency: { passed: 0, failed: 0, notClaimed: 1 },
        check: { notClaimed: 1 },
        lookup: { passed: 0, failed: 0, notClaimed: 0 },
      },
    })
    // It refuses without asking, which is no refusal of the service's.
    expect(told.levels.core.failures.map(({ rule }) => rule)).toEqual(['C-010', 'C-020'])
    expect(JSON.parse(JSON.stringify(told))).toEqual(told)
    expect(reports).toEqual([told])
  })

  it('should give a rule up that nobody answers, instead of waiting for ever', async () => {
    const harness = exchangeHarness('silent', {
      change: (inner) => ({ ...inner, place: () => new Promise(() => {}) }),
    })
    const { levels } = await runCarrierConformance(harness, { rules: ['C-031', 'C-016'] })
    expect(levels.core.failures.map(({ message }) => message)).toEqual([
      '`place` has not answered within 30000 ms',
      '`place` has not answered within 30000 ms',
    ])
  })
})

describe('defineCarrierConformance', () => {
  it('should name every test by its rule, and throw what a rule found', async () => {
    const tests: { name: string; run: () => Promise<void> }[] = []
    const runner = {
      describe: (_: string, define: () => void) => define(),
      it: (name: string, run: () => Promise<void>) => tests.push({ name, run }),
    }
    const change = exchangeHarness('numb', {
      change: (inner) => ({ ...inner, place: async () => ({ status: 'unknown' }) }),
    })
    defineCarrierConformance(runner, change)
    expect(tests.every(({ name }) => /^C-\d{3} MUST [a-z]/.test(name))).toBe(true)
    await expect(tests.find(({ name }) => name.startsWith('C-010'))?.run()).rejects.toThrow('was not accepted')
    await expect(tests.find(({ name }) => name.startsWith('C-031'))?.run()).resolves.toBeUndefined()
  })
})

describe('runResourceConformance', () => {
  it('should say what was kept, broken and not claimed, as plain data', async () => {
    const reports: ResourceReport[] = []
    const harness = depotHarness('depot', ({ list: _, ...inner }) => ({
      ...inner,
      capabilities: { ...inner.capabilities, createVisibility: false },
      find: async () => undefined,
    }))
    const rules = ['R-001', 'R-010', 'R-020', 'R-070', 'R-081']
    const told = await runResourceConformance(harness, { rules, report: (report) => void reports.push(report) })
    expect(told).toMatchObject({
      adapter: { name: 'depot', type: 'phonenumber', capabilities: { createVisibility: false } },
      conforms: false,
      levels: {
        core: { passed: 1, failed: 1 },
        list: { notClaimed: 1 },
        findCreated: { notClaimed: 1 },
        check: { passed: 1 },
      },
    })
    expect(JSON.parse(JSON.stringify(told))).toEqual(told)
    expect(reports).toEqual([told])
  })
})
