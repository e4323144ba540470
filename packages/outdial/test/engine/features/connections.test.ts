import { type Carrier, type CarrierEvent, type CarrierHost, createEngine, type Engine } from 'outdial'
import { describe, expect, it } from 'vitest'
import { Bench, FROM, people, SECOND } from '../support/bench.js'

const CAPABILITIES = { idempotency: 'none', lookup: false, hangup: false, amd: false } as const
const REQUEST = { method: 'POST', url: 'https://host.example', headers: {}, body: '' }

/** A carrier that accepts every call and says nothing more of it, but by webhook what a test says. */
function carrier(more: Partial<Carrier> = {}) {
  const refs: string[] = []
  const said: CarrierEvent[] = []
  const made: Carrier = {
    capabilities: CAPABILITIES,
    place: async ({ ref }) => {
      refs.push(ref)
      return { status: 'accepted', callId: `call ${refs.length}` }
    },
    parseWebhook: async () => said.splice(0),
    ...more,
  }
  return { made, refs, said }
}

function engineWith(bench: Bench, carriers: Record<string, Carrier>) {
  const engine = createEngine({ storage: bench.storage, carriers, clock: bench.clock })
  const failures: string[] = []
  engine.on('carrier.failed', ({ route, reason, message, ref }) =>
    failures.push(`${route} ${reason} ${message} ${ref}`),
  )
  return { engine, failures }
}

const campaign = (more: object = {}) => ({
  name: 'Reminders',
  carrier: 'one',
  from: FROM,
  contacts: people(1),
  start: 'now' as const,
  ...more,
})

async function end(bench: Bench, engine: Engine): Promise<void> {
  const stopped = engine.stop({ drain: 0 })
  await bench.clock.advance(5 * SECOND)
  await stopped
}

describe('a carrier', () => {
  it.each([
    ['has no line of its own', {}],
    ['has one that need not be let go', { connect: () => undefined }],
  ])('that %s works by its webhooks', async (_, more) => {
    const bench = new Bench()
    const { made, refs, said } = carrier(more as Partial<Carrier>)
    const { engine, failures } = engineWith(bench, { one: made })
    await engine.start()
    const job = await engine.calls.create(campaign())
    await bench.clock.advance(SECOND)
    said.push({ ref: refs[0] as string, type: 'ended', outcome: 'answered' })
    expect(await engine.webhook('one', REQUEST)).toEqual({ events: 1 })
    expect((await job.snapshot()).state).toBe('completed')
    await end(bench, engine)
    expect(failures).toEqual([])
    expect(bench.clock.timers()).toEqual([])
  })

  it('that cannot be connected has the engine not start, and the others are let go until it does', async () => {
    const bench = new Bench()
    const lines = { one: 0, two: 0 }
    const broken = { yet: true }
    const line = (name: keyof typeof lines) => () => {
      if (name === 'two' && broken.yet) throw new Error('no line')
      lines[name]++
      return () => void lines[name]--
    }
    const { engine, failures } = engineWith(bench, {
      one: carrier({ connect: line('one') }).made,
      two: carrier({ connect: line('two') }).made,
    })
    await expect(engine.start()).rejects.toThrow('no line')
    expect(lines).toEqual({ one: 0, two: 0 })
    const job = await engine.calls.create(campaign())
    await bench.clock.advance(SECOND)
    expect((await job.snapshot()).state).toBe('queued')
    broken.yet = false
    await engine.start()
    expect(lines).toEqual({ one: 1, two: 1 })
    await bench.clock.advance(SECOND)
    expect((await job.snapshot()).state).toBe('running')
    await end(bench, engine)
    expect(lines).toEqual({ one: 0, two: 0 })
    expect(failures).toEqual([])
  })

  it('that cannot be let go keeps neither the others connected nor the engine from ending', async () => {
    for (const way of ['stop', 'abandon'] as const) {
      const bench = new Bench()
      let off = 0
      const stuck = () => () => {
        throw new Error('stuck')
      }
      const { engine, failures } = engineWith(bench, {
        one: carrier({ connect: stuck }).made,
        two: carrier({ connect: () => () => void off++ }).made,
      })
      await engine.start()
      if (way === 'stop') await end(bench, engine)
      else await engine.abandon()
      expect(off).toBe(1)
      expect(failures).toEqual(['one disconnect Error: stuck undefined'])
      expect(bench.clock.timers()).toEqual([])
    }
  })

  it('that tells of nothing at all is told so, and heard again', async () => {
    const bench = new Bench()
    let host: CarrierHost | undefined
    const { made, refs } = carrier({
      connect: (given) => {
        host = given
      },
    } as Partial<Carrier>)
    const { engine, failures } = engineWith(bench, { one: made })
    await engine.start()
    const job = await engine.calls.create(campaign())
    await bench.clock.advance(SECOND)
    for (const nothing of [undefined, null, 7, 'ended']) host?.emit(nothing as unknown as CarrierEvent)
    expect(failures).toHaveLength(4)
    host?.emit({ ref: refs[0] as string, type: 'ended', outcome: 'answered' })
    await bench.clock.advance(SECOND)
    expect((await job.snapshot()).state).toBe('completed')
    await end(bench, engine)
  })
})
