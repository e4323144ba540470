import type { CarrierEvent, Engine, Exchange, SimulatedCarrier, Storage } from 'outdial'
import { describe, expect, it } from 'vitest'
import { Bench, MINUTE, SECOND, withMethod } from '../support/bench.js'

const WEBHOOK = { method: 'POST', url: 'https://host.example/webhook', headers: {}, body: '' }

/** One call that has ended, and an engine that hears of it by webhook. */
async function ended(storage?: (inner: Storage) => Storage) {
  const bench = new Bench()
  const engine = await bench.started(storage?.(bench.storage))
  const job = await engine.calls.create(bench.campaign())
  await bench.clock.advance(MINUTE)
  const [call] = (await job.task(0)).calls
  const ref = call?.ref as string
  const told: unknown[] = []
  engine.on('carrier.failed', ({ reason, ref }) => told.push([reason, ref]))
  const say = (event: CarrierEvent) => {
    Object.assign(bench.carrier, { parseWebhook: async () => [event] })
    const settled = engine.webhook('sim', WEBHOOK).then(
      () => 'taken',
      (error: { code?: string }) => error.code,
    )
    return { settled }
  }
  return { bench, engine, job, ref, told, say }
}

/** Before each correction of this engine another worker corrects the same record, so many times. */
const faster = (times: number) => (inner: Storage) => {
  let left = times
  return withMethod(inner, 'exchange', (original) => async (request: Exchange) => {
    for (const report of request.reports) {
      if (report.kind !== 'note' || !report.amend || left <= 0) continue
      left--
      const corrections = Number(report.id.split(':')[1]) + 1
      const { position, result } = report.amend
      const theirs = JSON.stringify({ ...JSON.parse(result), cost: 100 + corrections, corrections })
      const note = { ...report, amend: { position, result: theirs } }
      await original({ channel: 'other', seq: corrections, reports: [note], fences: [], claims: [] })
    }
    return original(request)
  })
}

describe('late evidence of a call that others correct as well', () => {
  it('is tried again on top of what they have said', async () => {
    const { bench, engine, job, ref, told, say } = await ended(faster(3))
    const { settled } = say({ ref, type: 'ended', cost: 9 })
    await bench.clock.advance(SECOND)
    expect(await settled).toBe('taken')
    expect((await job.task(0)).calls).toMatchObject([{ cost: 9 }])
    expect(told).toEqual([])
    await bench.end(engine)
  })

  it('is refused and told of when they are always faster, so that the carrier sends it again', async () => {
    const { bench, engine, ref, told, say } = await ended(faster(Number.POSITIVE_INFINITY))
    const { settled } = say({ ref, type: 'ended', cost: 9 })
    await bench.clock.advance(SECOND)
    expect(await settled).toBe('call_contended')
    expect(told).toEqual([['event', ref]])
    await bench.end(engine)
  })

  it('is an orphan when the job goes meanwhile', async () => {
    let gone = false
    const { bench, engine, ref, say } = await ended((inner) => {
      const store = withMethod(inner, 'exchange', (original) => async (request: Exchange) => {
        gone = request.reports.some(({ kind }) => kind === 'note')
        return gone ? faster(1)(inner).exchange(request) : original(request)
      })
      return withMethod(
        store,
        'getTask',
        (original) =>
          async (...args) =>
            gone ? undefined : original(...args),
      )
    })
    const orphans: unknown[] = []
    engine.on('call.orphaned', (event) => orphans.push(event))
    const { settled } = say({ ref, type: 'ended', cost: 9 })
    await bench.clock.advance(SECOND)
    expect(await settled).toBe('taken')
    expect(orphans).toEqual([{ ref, adopted: false }])
    await bench.end(engine)
  })
})

describe('an engine that stops before an event is stored', () => {
  const attempts = {
    'a correction': (ref: string) => ref,
    'an attempt that the store does not know': (ref: string) => ref.replace(/:1:[^:]*$/, ':2:later'),
  }

  const ends = {
    stops: (bench: Bench, engine: Engine<{ sim: SimulatedCarrier }>) => bench.end(engine),
    crashes: (_: Bench, engine: Engine<{ sim: SimulatedCarrier }>) => engine.abandon(),
  }
  const cases = Object.keys(attempts).flatMap((what) => Object.keys(ends).map((how) => ({ what, how }) as Case))
  type Case = { what: keyof typeof attempts; how: keyof typeof ends }

  it.each(cases)('leaves nobody waiting who brings $what when it $how', async ({ what, how }) => {
    let down = false
    const { bench, engine, ref, say } = await ended((inner) =>
      withMethod(inner, 'exchange', (original) => async (request: Exchange) => {
        if (down) throw new Error('the store is down')
        return original(request)
      }),
    )
    down = true
    const { settled } = say({ ref: attempts[what](ref), type: 'ended', cost: 9 })
    await bench.clock.advance(SECOND)
    await ends[how](bench, engine)
    expect(await settled).toBe('engine_stopped')
  })

  it('leaves nobody waiting whose event it was still looking up', async () => {
    let look = () => {}
    const looking = new Promise<void>((resolve) => {
      look = resolve
    })
    let slow = false
    const { bench, engine, ref, say } = await ended((inner) =>
      withMethod(inner, 'getTask', (original) => async (...given) => {
        const task = await original(...given)
        if (slow) await looking
        return task
      }),
    )
    slow = true
    const { settled } = say({ ref, type: 'ended', cost: 9 })
    await bench.clock.advance(SECOND)
    await engine.abandon()
    look()
    expect(await settled).toBe('engine_stopped')
  })
})
