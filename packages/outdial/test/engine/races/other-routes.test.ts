import { type Carrier, type CarrierEvent, createEngine, virtualClock } from 'outdial'
import { describe, expect, it } from 'vitest'
import { FROM, MINUTE, people } from '../support/bench.js'

const capabilities = { idempotency: 'none', lookup: false, hangup: false, amd: false } as const

/** Two routes: one that calls, and one whose webhooks say whatever they are told to. */
async function world(start: string) {
  const clock = virtualClock()
  const refs: string[] = []
  let said: CarrierEvent[] = []
  const calling: Carrier = {
    capabilities,
    place: async ({ ref }) => {
      refs.push(ref)
      return { status: 'accepted', callId: 'call' }
    },
  }
  const lying: Carrier = { capabilities, place: async () => ({ status: 'notSent' }), parseWebhook: async () => said }
  const engine = createEngine({ clock, carriers: { calling, lying } })
  await engine.start()
  const job = await engine.calls.create({ name: 'Due', carrier: 'calling', from: FROM, contacts: people(1), start })
  await clock.advance(1000)
  const failed: string[] = []
  engine.on('carrier.failed', ({ route, message }) => failed.push(`${route}: ${message}`))
  const lie = async (event: CarrierEvent) => {
    said = [event]
    await engine.webhook('lying', { method: 'POST', url: 'https://calls.example.com/', headers: {}, body: '' })
    await clock.advance(1000)
    return job.task(0)
  }
  return { clock, engine, job, refs, lie, failed }
}

describe('an event that comes by another route', () => {
  it('ends no call that is live', async () => {
    const { engine, refs, lie, failed } = await world('now')
    const [ref = ''] = refs
    expect(await lie({ ref, type: 'ended', outcome: 'answered' })).toMatchObject({ state: 'active' })
    expect(failed).toEqual(['lying: an event of a call of another route'])
    await engine.abandon()
  })

  it('ends nobody who was never called, and keeps nobody from being called', async () => {
    const { clock, engine, job, refs, lie } = await world('2027-01-04T15:00:00Z')
    const made = { ref: `${job.id}:0:1:zzz`, type: 'ended', outcome: 'answered' } as const
    expect(await lie(made)).toMatchObject({ state: 'waiting' })
    await clock.advance(61 * MINUTE)
    expect(refs).toHaveLength(1)
    await engine.abandon()
  })
})

describe('a carrier that is busy for minutes, and says that it will not be for long', () => {
  it.each([0, 1000])('uses up no contact, with a wait of %i ms', async (retryAfter) => {
    const clock = virtualClock()
    let asked = 0
    const busy: Carrier = {
      capabilities,
      place: async () => {
        asked++
        return { status: 'rejected', reason: 'throttled', retryAfter }
      },
    }
    const engine = createEngine({ clock, carriers: { busy } })
    await engine.start()
    const job = await engine.calls.create({
      name: 'Due',
      carrier: 'busy',
      from: FROM,
      contacts: people(1),
      start: 'now',
    })
    await clock.advance(10 * MINUTE)
    expect((await job.task(0)).state).toBe('waiting')
    expect(asked).toBeGreaterThan(1)
    expect(asked).toBeLessThan(30)
    await engine.abandon()
  })
})
