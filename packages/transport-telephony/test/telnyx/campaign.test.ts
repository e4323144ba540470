import type { Ending, Weather } from '@outdial/conformance/carriers'
import { createEngine, type Storage, seededRandom } from 'outdial'
import { request } from 'undici'
import { afterEach, describe, expect, it } from 'vitest'
import { decodeState } from '../../src/telnyx/client-state.js'
import { telnyxCarrier } from '../../src/telnyx/index.js'
import { unexpected } from '../stand-ins/telnyx/answers.js'
import { Autopilot } from '../stand-ins/telnyx/autopilot.js'
import type { Call } from '../stand-ins/telnyx/call-book.js'
import { TelnyxService } from '../stand-ins/telnyx-service.js'
import { DyingEngines } from '../support/dying-engines.js'
import { fastClock } from '../support/fast-clock.js'
import { STORES } from '../support/stores.js'
import { webhookServer } from '../support/webhook-server.js'
import { FROM } from './support.js'

const PEOPLE = 500
const ATTEMPTS = 2
/** Engines are abandoned when so many calls have been placed. */
const CRASHES = [60, 180, 320, 470]

const WEATHERS: readonly Weather[] = [
  'throttled',
  { fault: 'error', placed: false },
  { fault: 'error', placed: true },
  { fault: 'silence', placed: false },
  { fault: 'silence', placed: true },
  { fault: 'reset', placed: false },
  { fault: 'reset', placed: true },
  { fault: 'nonsense', placed: true },
]

const cleanups: (() => unknown)[] = []
afterEach(async () => {
  for (const clean of cleanups.splice(0).reverse()) await clean()
})

const people = Array.from({ length: PEOPLE }, (_, i) => ({
  phone: `+1${['202', '303', '404', '505', '212'][Math.floor(i / 100)]}55501${String(i % 100).padStart(2, '0')}`,
  name: 'Ada Example',
}))

/** What comes of a call: for each person always the same. */
function decide({ dial }: Call): Ending {
  const endings: readonly Ending[] = ['invalid_number', 'busy', 'no_answer', 'voicemail']
  return endings[Number(String(dial.to).slice(-1))] ?? 'completed'
}

async function campaign(storage: () => Storage, seed: string) {
  const clock = fastClock(20)
  const random = seededRandom(seed)
  let chance = 0.25
  const pilot = new Autopilot({
    clock,
    random,
    decide,
    lag: 2_000,
    deliver: ({ url, headers, body }) =>
      request(url, { method: 'POST', headers, body }).then(async (response) => {
        await response.body.dump()
        return response.statusCode < 300
      }),
    troubles: { lost: 0.03, doubled: 0.05, late: 0.05 },
  })
  const calls: Call[] = []
  // Made below: it has to know the service.
  let engines: DyingEngines | undefined
  const service = await TelnyxService.start({
    now: clock.now,
    talk: 'as it is',
    ...pilot.options,
    onPlaced(call) {
      calls.push(call)
      pilot.options.onPlaced?.(call)
      engines?.counted(calls.length)
    },
    weather: () =>
      random.next() < chance ? (WEATHERS[Math.floor(random.next() * WEATHERS.length)] as Weather) : 'fair',
    trouble: () => (random.next() < 0.05 ? unexpected : undefined),
  })
  pilot.drive(service)
  cleanups.push(() => service.close())
  const engineNow = () => {
    const carrier = telnyxCarrier({
      apiKey: service.apiKey,
      publicKey: service.keys.publicKey,
      connectionId: service.book.connectionId,
      baseUrl: service.baseUrl,
      webhookUrl: webhooks.url,
      agents: { reminder: { speak: 'Hello {{name}}', voice: 'AWS.Polly.Joanna' } },
      amd: 'detect',
      cps: 500,
      visibilityLag: 2_000,
      timeout: 400,
      clock,
    })
    const made = createEngine({ storage: storage(), carriers: { telnyx: carrier }, clock })
    cleanups.push(async () => {
      await made.abandon()
      await carrier.close()
    })
    return made
  }
  const webhooks = await webhookServer((webhook) => running.engine.webhook('telnyx', webhook))
  cleanups.push(() => webhooks.close())
  const running = new DyingEngines(engineNow, CRASHES)
  engines = running
  await running.engine.start()
  const { id } = await running.engine.calls.create({
    name: 'Reminders',
    carrier: 'telnyx',
    from: FROM,
    agent: 'reminder',
    contacts: people,
    attempts: ATTEMPTS,
    retry: { busy: ['20s'], no_answer: ['20s'] },
    ringTimeout: '10s',
    maxDuration: '20s',
    concurrency: 80,
    start: 'now',
  })
  await running.over
  // What nobody can foresee has been seen; from now on it only has to end.
  chance = 0.05
  pilot.troubles = { lost: 0.01, doubled: 0.05, late: 0.05 }
  const job = await running.engine.calls.get(id)
  if (!job) throw new Error('the campaign is gone')
  return { ended: await job.finished(), calls, job }
}

async function judge({ ended, calls, job }: Awaited<ReturnType<typeof campaign>>): Promise<void> {
  // Nobody is lost (G3).
  expect([ended.state, ended.tasks.total, ended.tasks.open]).toEqual(['completed', PEOPLE, 0])
  const { succeeded, failed, skipped, canceled, expired } = ended.tasks
  expect(succeeded + failed + skipped + canceled + expired).toBe(PEOPLE)

  // Nobody is called twice for one attempt (G2), or while a call is live (G1), or after having answered.
  const refs = calls.map(({ dial }) => decodeState(dial.client_state)?.ref)
  expect(new Set(refs).size).toBe(calls.length)
  const byPerson = new Map<string, Call[]>()
  for (const call of calls) byPerson.set(String(call.dial.to), [...(byPerson.get(String(call.dial.to)) ?? []), call])
  for (const [to, own] of byPerson) {
    for (const [i, call] of own.slice(0, -1).entries()) {
      const next = own[i + 1] as Call
      expect(call.endedAt, `${to} is called while a call is live`).toBeLessThanOrEqual(next.placedAt)
      expect(call.ending, `${to} is called again`).not.toBe('completed')
    }
    expect(own.length).toBeLessThanOrEqual(ATTEMPTS)
  }

  // Whoever answers is talked to once, and no machine is.
  const said = (call: Call) => call.commands.filter(({ action }) => action === 'speak').length
  for (const call of calls) expect(said(call)).toBeLessThanOrEqual(decide(call) === 'completed' ? 1 : 0)
  // (On a slow machine many are told of too late to be talked to.)
  expect(calls.filter((call) => said(call) === 1).length).toBeGreaterThan(PEOPLE / 5)

  // And what is said of everybody is what happened.
  for await (const task of job.tasks()) {
    const answered = (byPerson.get(task.phone) ?? []).some((call) => call.answeredAt && decide(call) === 'completed')
    if (task.state === 'succeeded') expect(answered, task.phone).toBe(true)
    else if (task.reason !== 'outcome_unknown') expect(answered, `${task.phone} ${task.reason}`).toBe(false)
  }
}

describe('a campaign of 500 by way of Telnyx, with faults and engines that die', () => {
  it.each(Object.entries(STORES))(
    'calls nobody twice and loses nobody, %s',
    async (name, store) => judge(await campaign(await store(), name)),
    120_000,
  )
})
