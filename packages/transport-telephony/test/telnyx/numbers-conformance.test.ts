import { defineResourceConformance, type ResourceHarness, runResourceConformance } from '@outdial/conformance/resources'
import { describe, expect, it } from 'vitest'
import { type TelnyxNumbersOptions, telnyxNumbers } from '../../src/telnyx/index.js'
import { TelnyxService } from '../stand-ins/telnyx-service.js'

const harness = {
  name: 'telnyxNumbers',
  clock: 'own' as const,
  async create() {
    const service = await TelnyxService.start({ owned: [] })
    const backends: { close(): Promise<void> }[] = []
    const another = async (part: Partial<TelnyxNumbersOptions> = {}) => {
      const { apiKey, baseUrl } = service
      const made = telnyxNumbers({ apiKey, baseUrl, timeout: 2_000, patience: 200, orderVisibility: 100, ...part })
      backends.push(made)
      return made
    }
    return {
      backend: await another(),
      with: another,
      second: () => another(),
      service: service.numbers,
      secrets: [service.apiKey],
      data: (n: number) => ({ phonenumber: `+1${202 + (n % 700)}55501${String(n % 100).padStart(2, '0')}` }),
      changes: (n: number) => ({ tags: [`tag-${n}`] }),
      nobody: (field: string) => (field === 'id' ? '77' : '+12025550199'),
      wrongKey: () => another({ apiKey: 'KEY-that-is-wrong' }),
      narrow: () => another({ connections: 1, timeout: 5_000 }),
      async destroy() {
        await service.close()
        for (const backend of backends) await backend.close()
      },
    }
  },
}

/** Rules about other organizations. With one key for all they share everything. */
const APART = ['R-014', 'R-021']

defineResourceConformance({ describe, it }, harness, {
  report({ conforms, levels }) {
    expect(Object.values(levels).flatMap((level) => level.notTried)).toEqual(APART)
    expect(conforms).toBe(true)
  },
})

it('keeps organizations apart that have keys of their own', async () => {
  const apart: ResourceHarness = {
    ...harness,
    async create() {
      const made = await harness.create()
      const [key] = made.secrets as [string]
      const keys: Readonly<Record<string, string>> = { acme: key, globex: 'KEY-of-globex' }
      const backend = await made.with({ apiKey: (organization) => keys[organization] })
      return { ...made, backend, stranger: 'globex' }
    },
  }
  const { conforms, levels } = await runResourceConformance(apart, { rules: APART })
  expect(conforms).toBe(true)
  expect(Object.values(levels).flatMap((level) => level.notTried)).toEqual([])
})
