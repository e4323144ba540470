import type { Outcome } from 'outdial'
import { afterEach, expect, it } from 'vitest'
import { zudu } from '../../src/index.js'
import { Client } from '../support/client.js'
import { World } from '../support/world.js'
import { batch, MONDAY, tasks } from './bodies.js'

const HOUR = 3_600_000
let world: World
afterEach(() => world.close())

/** Sends one batch call whose people all have this outcome, waits, and answers when each call was placed, in minutes. */
async function placedAt(outcome: Outcome, more: object, ms: number): Promise<number[]> {
  world = await World.open({ dialects: [zudu()], carrier: { outcomes: () => outcome } })
  const made = await new Client(world, 'zudu').post('/batch-call', batch(1, { send_now: true, ...more }))
  expect(made.status, made.text).toBe(201)
  for (let passed = 0; passed < ms; passed += HOUR) await world.advance(HOUR)
  return [...world.carrier.ledger]
    .filter(({ kind }) => kind === 'placed')
    .map(({ at }) => Math.floor((at - MONDAY) / 60_000))
}

const rule = (condition: string, retry_timing: object, enabled = true) => ({ condition, enabled, retry_timing })
const after = (duration_minutes: number) => ({ type: 'AFTER', duration_minutes })
const retried = (max_retries: number) => ({ tasks: tasks(1, { max_retries }) })

it.each<[string, Outcome, object, number[]]>([
  ['once without any of it', 'no_answer', {}, [0]],
  ['after 5 and 30 minutes with max_retries', 'busy', retried(2), [0, 5, 35]],
  ['so often as max_attempts says', 'busy', { retry_config: { enabled: true, max_attempts: 2 } }, [0, 5]],
  [
    'once more than max_retries, whatever max_attempts is',
    'busy',
    { ...retried(1), retry_config: { enabled: true, max_attempts: 5 } },
    [0, 5],
  ],
  ['once when retries are switched off', 'busy', { retry_config: { enabled: false, max_attempts: 5 } }, [0]],
  ['by a rule of its condition', 'no_answer', { retry_rules: [rule('no_answer', after(120))] }, [0, 120, 241]],
  ['once when only other conditions have rules', 'busy', { retry_rules: [rule('no_answer', after(120))] }, [0]],
  ['once when its rule is switched off', 'busy', { ...retried(2), retry_rules: [rule('busy', after(7), false)] }, [0]],
  ['after a machine only by a rule', 'voicemail', retried(2), [0]],
  ['after a machine by a rule', 'voicemail', { ...retried(1), retry_rules: [rule('voicemail', after(60))] }, [0, 60]],
])('calls %s', async (_, outcome, more, minutes) => {
  expect(await placedAt(outcome, more, 12 * HOUR)).toEqual(minutes)
})

it('calls again at a time of day, in the zone of the batch call', async () => {
  const more = {
    ...retried(2),
    timezone: 'America/New_York',
    retry_rules: [rule('no_answer', { type: 'AT', time: '13:00' })],
  }
  // 14:00 in UTC is 09:00 there.
  expect(await placedAt('no_answer', more, 50 * HOUR)).toEqual([0, 240, 240 + 1440])
})

it('reads a new time zone for what is still to come', async () => {
  world = await World.open({ dialects: [zudu()], carrier: { outcomes: () => 'no_answer' } })
  const acme = new Client(world, 'zudu')
  const quiet_hours = { enabled: true, start_time: '20:00', end_time: '10:00' }
  const { data } = (await acme.post('/batch-call', batch(1, { status: 'draft', quiet_hours }))).body
  const path = `/batch-call/${data.batch_call_id}`
  const patched = await acme.send('PATCH', path, { timezone: 'America/New_York', status: 'sent' })
  expect(patched.body.data).toMatchObject({ timezone: 'America/New_York', status: 'sent' })
  await world.advance(2 * HOUR)
  const [placed] = [...world.carrier.ledger]
  // 10:00 there; in UTC it was 14:00, which was loud already.
  expect(placed?.at).toBe(MONDAY + HOUR)
})
