import type { ResourceWeather } from '@outdial/conformance/resources'
import { createEngine, type Storage, seededRandom } from 'outdial'
import { afterEach, describe, expect, it } from 'vitest'
import { twilioNumbers } from '../../src/twilio/index.js'
import { TwilioService } from '../stand-ins/twilio-service.js'
import { DyingEngines } from '../support/dying-engines.js'
import { fastClock } from '../support/fast-clock.js'
import { STORES } from '../support/stores.js'

const PURCHASES = 150
/** Engines are abandoned when Twilio has been asked so often. */
const CRASHES = [20, 70, 120]
const WEATHERS: readonly ResourceWeather[] = [
  'throttled',
  { fault: 'error', applied: false },
  { fault: 'error', applied: true },
  { fault: 'silence', applied: false },
  { fault: 'silence', applied: true },
  { fault: 'reset', applied: false },
  { fault: 'reset', applied: true },
  { fault: 'refused' },
  { fault: 'nonsense', applied: true },
]

const cleanups: (() => unknown)[] = []
afterEach(async () => {
  for (const clean of cleanups.splice(0).reverse()) await clean()
})

async function buy(storage: () => Storage, seed: string) {
  const clock = fastClock(20)
  const random = seededRandom(seed)
  const service = await TwilioService.start({ numbers: [], now: clock.now })
  cleanups.push(() => service.close())
  const engineNow = () => {
    const { accountSid, authToken, url: baseUrl } = service
    const numbers = twilioNumbers({ accountSid, authToken, baseUrl, createVisibility: 2_000, timeout: 300 })
    const made = createEngine({ storage: storage(), resources: [numbers], clock })
    cleanups.push(async () => {
      await made.abandon()
      await numbers.close()
    })
    return made
  }
  const engines = new DyingEngines(engineNow, CRASHES)
  service.numbers.before = () => {
    const weather = random.next() < 0.3 ? WEATHERS[Math.floor(random.next() * WEATHERS.length)] : undefined
    if (weather !== undefined) service.numbers.next(weather)
    engines.counted(service.numbers.asked())
  }
  await engines.engine.start()
  const { id } = await engines.engine.operations.create({
    name: 'New numbers',
    type: 'phonenumber',
    method: 'create',
    data: Array.from({ length: PURCHASES }, (_, i) =>
      i % 2 === 0
        ? { area_code: '505' }
        : { phone_number: `+1${i % 4 === 1 ? 303 : 404}55501${String(i % 100).padStart(2, '0')}` },
    ),
    attempts: 20,
    start: 'now',
  })
  await engines.over
  const job = await engines.engine.operations.get(id)
  if (!job) throw new Error('the job is gone')
  return { ended: await job.finished(), service, job }
}

describe('150 purchases at Twilio, with faults and engines that die', () => {
  it.each(Object.entries(STORES))(
    'are made once each, %s',
    async (name, store) => {
      const { ended, service, job } = await buy(await store(), name)
      const numbers = service.numbers.resources()
      expect([ended.state, ended.tasks.total, ended.tasks.open]).toEqual(['completed', PURCHASES, 0])
      const got: unknown[] = []
      for await (const { state, resource } of job.items()) if (state === 'succeeded') got.push(resource?.id)
      expect(got).toHaveLength(ended.tasks.succeeded)
      // Everything that was bought belongs to one item, and the other way round.
      expect(got.sort()).toEqual(numbers.map(({ id }) => id).sort())
      expect(service.numbers.created()).toBe(numbers.length)
      expect(ended.tasks.succeeded).toBeGreaterThan(PURCHASES / 2)
    },
    120_000,
  )
})
