import type { ResourceWeather } from '@outdial/conformance/resources'
import { createEngine, type Storage, seededRandom } from 'outdial'
import { afterEach, describe, expect, it } from 'vitest'
import { telnyxNumbers } from '../../src/telnyx/index.js'
import { TelnyxService } from '../stand-ins/telnyx-service.js'
import { DyingEngines } from '../support/dying-engines.js'
import { fastClock } from '../support/fast-clock.js'
import { STORES } from '../support/stores.js'

const PURCHASES = 100
/** Engines are abandoned when the service has been asked so often. */
const CRASHES = [20, 50, 80]
const WEATHERS: readonly ResourceWeather[] = [
  'throttled',
  { fault: 'error', applied: false },
  { fault: 'error', applied: true },
  { fault: 'silence', applied: false },
  { fault: 'silence', applied: true },
  { fault: 'reset', applied: false },
  { fault: 'reset', applied: true },
  { fault: 'nonsense', applied: true },
]

const cleanups: (() => unknown)[] = []
afterEach(async () => {
  for (const clean of cleanups.splice(0).reverse()) await clean()
})

async function buy(storage: () => Storage, seed: string) {
  const clock = fastClock(20)
  const random = seededRandom(seed)
  const service = await TelnyxService.start({ owned: [], now: clock.now })
  cleanups.push(() => service.close())
  const engineNow = () => {
    const { apiKey, baseUrl } = service
    const numbers = telnyxNumbers({ apiKey, baseUrl, orderVisibility: 2_000, timeout: 300, patience: 200 })
    const made = createEngine({ storage: storage(), resources: [numbers], clock })
    cleanups.push(async () => {
      await made.abandon()
      await numbers.close()
    })
    return made
  }
  const engines = new DyingEngines(engineNow, CRASHES)
  service.numbers.before = () => {
    engines.counted(service.numbers.asked())
    return random.next() < 0.3 ? (WEATHERS[Math.floor(random.next() * WEATHERS.length)] as ResourceWeather) : 'fair'
  }
  await engines.engine.start()
  const named = (i: number) => `+1${i % 4 === 1 ? 303 : 404}55501${String(i % 100).padStart(2, '0')}`
  const { id } = await engines.engine.operations.create({
    name: 'New numbers',
    type: 'phonenumber',
    method: 'create',
    data: Array.from({ length: PURCHASES }, (_, i) =>
      i % 2 === 0 ? { national_destination_code: '505' } : { phonenumber: named(i) },
    ),
    attempts: 20,
    start: 'now',
  })
  await engines.over
  const job = await engines.engine.operations.get(id)
  if (!job) throw new Error('the job is gone')
  return { ended: await job.finished(), service, job }
}

describe('100 orders at Telnyx, with faults and engines that die', () => {
  it.each(Object.entries(STORES))(
    'are made once each, %s',
    async (name, store) => {
      const { ended, service, job } = await buy(await store(), name)
      expect([ended.state, ended.tasks.total, ended.tasks.open]).toEqual(['completed', PURCHASES, 0])
      // No operation has ordered twice, and everything that was ordered belongs to one item, and the other way round.
      const refs = service.numbers.orders.map(({ customer_reference }) => customer_reference)
      expect(new Set(refs).size).toBe(refs.length)
      const got: unknown[] = []
      for await (const { state, resource } of job.items()) if (state === 'succeeded') got.push(resource?.id)
      expect(got).toHaveLength(PURCHASES)
      expect(got.sort()).toEqual(
        service.numbers
          .resources()
          .map(({ id }) => id)
          .sort(),
      )
      expect(service.numbers.created()).toBe(PURCHASES)
    },
    120_000,
  )
})
