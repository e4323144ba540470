import { inspect } from 'node:util'
import type { Ending } from '@outdial/conformance/carriers'
import { createEngine, type Storage, seededRandom } from 'outdial'
import { request } from 'undici'
import { afterEach, describe, expect, it } from 'vitest'
import { twilioCarrier } from '../../src/twilio/index.js'
import type { TwilioCall } from '../stand-ins/twilio-call.js'
import { TwilioLife } from '../stand-ins/twilio-life.js'
import { TwilioService } from '../stand-ins/twilio-service.js'
import { DyingEngines } from '../support/dying-engines.js'
import { fastClock } from '../support/fast-clock.js'
import { STORES } from '../support/stores.js'
import { webhookServer } from '../support/webhook-server.js'

const PEOPLE = 500
const ATTEMPTS = 2
const FROM = '+12025550199'
/** Engines are abandoned when so many calls have been placed. */
const CRASHES = [60, 180, 320, 470]

const cleanups: (() => unknown)[] = []
afterEach(async () => {
  for (const clean of cleanups.splice(0).reverse()) await clean()
})

const people = Array.from({ length: PEOPLE }, (_, i) => ({
  phone: `+1${['202', '303', '404', '505', '212'][Math.floor(i / 100)]}55501${String(i % 100).padStart(2, '0')}`,
  name: 'Ada Example',
}))

/** What comes of a call: for each person the same at the same time of asking. */
function decide({ to }: TwilioCall): Ending {
  const last = Number(to.slice(-2))
  if (last % 10 === 0) return 'invalid_number'
  if (last % 10 === 1) return 'busy'
  return last % 10 === 2 ? 'no_answer' : 'completed'
}

async function campaign(storage: () => Storage, seed: string) {
  const clock = fastClock(20)
  const random = seededRandom(seed)
  const said: string[] = []
  const service = await TwilioService.start({ numbers: [FROM], now: clock.now, eventsAfter: 5_000 })
  cleanups.push(() => service.close())
  const engineNow = () => {
    const { accountSid, authToken, url: baseUrl } = service
    const carrier = twilioCarrier({
      accountSid,
      authToken,
      baseUrl,
      webhookUrl: webhooks.url,
      agents: { reminder: '<Response><Say>Hello {{name}}</Say></Response>' },
      cps: 500,
      visibilityLag: 2_000,
      timeout: 400,
    })
    const made = createEngine({ storage: storage(), carriers: { twilio: carrier }, clock })
    for (const name of ['carrier.failed', 'call.unknown', 'call.ended', 'engine.failed'] as const) {
      made.on(name, (event) => void said.push(inspect(event, { depth: 9 })))
    }
    cleanups.push(async () => {
      await made.abandon()
      await carrier.close()
    })
    return made
  }
  const webhooks = await webhookServer((webhook) => engines.engine.webhook('twilio', webhook))
  cleanups.push(() => webhooks.close())
  const engines = new DyingEngines(engineNow, CRASHES)

  const life = new TwilioLife(service, {
    clock,
    random,
    decide,
    deliver: ({ url, headers, body }) => request(url, { method: 'POST', headers, body }).then((r) => r.body.dump()),
    troubles: { weather: 0.25, lost: 0.03, doubled: 0.05, late: 0.05 },
  })
  const live = service.placed
  service.placed = (call) => {
    live(call)
    engines.counted(service.history().length)
  }
  await engines.engine.start()
  const job = await engines.engine.calls.create({
    name: 'Reminders',
    carrier: 'twilio',
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
  const { id } = job
  await engines.over
  // What nobody can foresee has been seen; from now on it only has to end.
  life.troubles = { weather: 0.05, lost: 0.01, doubled: 0.05, late: 0.05 }
  const again = await engines.engine.calls.get(id)
  if (!again) throw new Error('the campaign is gone')
  return { ended: await again.finished(), service, job: again, said }
}

async function judge({ ended, service, job, said }: Awaited<ReturnType<typeof campaign>>): Promise<void> {
  // Nobody is lost (G3).
  expect([ended.state, ended.tasks.total, ended.tasks.open]).toEqual(['completed', PEOPLE, 0])
  const { succeeded, failed, skipped, canceled, expired } = ended.tasks
  expect(succeeded + failed + skipped + canceled + expired).toBe(PEOPLE)

  // Nobody is called twice for one attempt (G2), or while a call is live (G1), or after having answered.
  const history = service.history()
  expect(new Set(history.map(({ ref }) => ref)).size).toBe(history.length)
  const byPerson = new Map<string, TwilioCall[]>()
  for (const call of history) byPerson.set(call.to, [...(byPerson.get(call.to) ?? []), call])
  for (const [to, calls] of byPerson) {
    for (const [i, call] of calls.slice(0, -1).entries()) {
      const next = calls[i + 1] as TwilioCall
      expect(call.endedAt, `${to} is called while a call is live`).toBeLessThanOrEqual(next.createdAt)
      expect(call.status, `${to} is called again`).not.toBe('completed')
    }
    expect(calls.length).toBeLessThanOrEqual(ATTEMPTS)
  }

  // No key is in what is told, kept or given out.
  for await (const line of job.results('jsonl')) said.push(line)
  for await (const entry of job.log()) said.push(JSON.stringify(entry))
  expect(said.length).toBeGreaterThan(PEOPLE)
  for (const secret of service.secrets) expect(said.join('\n').includes(secret)).toBe(false)

  // And what is said of everybody is what happened.
  for await (const task of job.tasks()) {
    const calls = byPerson.get(task.phone) ?? []
    const answered = calls.some(({ status }) => status === 'completed')
    if (task.state === 'succeeded') expect(answered, task.phone).toBe(true)
    else if (task.reason !== 'outcome_unknown') expect(answered, `${task.phone} ${task.reason}`).toBe(false)
  }
}

describe('a campaign of 500 by way of Twilio, with faults and engines that die', () => {
  it.each(Object.entries(STORES))(
    'calls nobody twice and loses nobody, %s',
    async (name, store) => {
      await judge(await campaign(await store(), name))
    },
    120_000,
  )
})
