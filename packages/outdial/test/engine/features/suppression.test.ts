import { isOutdialError, numbers, type Storage, type SuppressionEntry, type SuppressionScope } from 'outdial'
import { describe, expect, it } from 'vitest'
import { Bench, HOUR, MINUTE, people, phone, SECOND, withMethod } from '../support/bench.js'

const DAY = 24 * HOUR
const everything = { everything: true } as const
const field = (error: unknown) => (isOutdialError(error) ? `${error.code} ${error.details.field}` : error)

async function entries(from: AsyncIterable<SuppressionEntry>): Promise<SuppressionEntry[]> {
  const all: SuppressionEntry[] = []
  for await (const one of from) all.push(one)
  return all.sort((a, b) => a.number.localeCompare(b.number))
}

describe('a suppression list', () => {
  it('says who is on it, why, until when and how old it is', async () => {
    const bench = new Bench({ start: '2026-03-02T10:00:00Z' })
    const { suppression } = bench.engine()
    const scope: SuppressionScope = { organization: 'acme' }
    const expires = '2026-04-01T00:00:00Z'
    await suppression.add([phone(0)], { scope, reason: 'asked in writing', expires })
    await suppression.add(numbers(`${phone(1)}\n`), { scope, asOf: '2026-03-01', maxAge: '31d' })
    expect(await suppression.describe(scope)).toEqual({
      size: 2,
      asOf: Date.parse('2026-03-01T00:00:00Z'),
      maxAge: 31 * DAY,
      stale: false,
    })
    expect(await suppression.describe()).toEqual({ size: 0, stale: false })
    expect(await entries(suppression.entries(scope))).toEqual([
      { number: phone(0), reason: 'asked in writing', expires: Date.parse(expires) },
      { number: phone(1) },
    ])
    // Where days begin first it is tomorrow already.
    await suppression.add([], { scope: { organization: 'other' }, asOf: '2026-03-03', maxAge: '31d' })
    expect(await suppression.describe({ organization: 'other' })).toMatchObject({ stale: false })
    await suppression.add([phone(1)])
    expect(await suppression.check([phone(1), phone(2)], { organization: 'acme', job: 'job_x' })).toEqual([
      { number: phone(1), lists: [{ scope: everything }, { scope }] },
      { number: phone(2), lists: [] },
    ])
    await bench.clock.advance(40 * DAY)
    expect((await suppression.describe(scope)).stale).toBe(true)
    expect(await entries(suppression.entries(scope))).toEqual([{ number: phone(1) }])
  })

  it('lets somebody be called again when the entry has expired', async () => {
    const bench = new Bench()
    const engine = await bench.started()
    await engine.suppression.add([phone(0)], { expires: bench.clock.start + HOUR })
    const early = await engine.calls.create(bench.campaign())
    await bench.clock.advance(2 * HOUR)
    const late = await engine.calls.create(bench.campaign())
    await bench.clock.advance(MINUTE)
    expect(await early.task(0)).toMatchObject({ state: 'skipped', reason: 'suppressed' })
    expect(await late.task(0)).toMatchObject({ state: 'succeeded' })
    await bench.end(engine)
  })

  it('that is too old stops everybody for whom it counts, who says why, until it is brought up to date', async () => {
    const bench = new Bench({ start: '2026-03-02T10:00:00Z' })
    const engine = await bench.started()
    await engine.suppression.add([phone(7)], { asOf: 'now', maxAge: '1d' })
    await bench.clock.advance(25 * HOUR)
    const job = await engine.calls.create(bench.campaign({ contacts: people(300), cps: 20 }))
    let refusals = 0
    engine.on('task.deferred', () => void refusals++)
    await bench.clock.advance(3 * HOUR)
    expect(bench.entries('placed')).toEqual([])
    // It asks now and then, and does not go through its contacts each time.
    expect(refusals).toBeLessThan(200 * 130)
    const { state, reason, resumeAt = 0 } = await job.snapshot()
    expect({ state, reason }).toEqual({ state: 'paused', reason: 'suppression_stale' })
    expect(resumeAt).toBeGreaterThan(bench.clock.now())
    expect((await engine.suppression.describe()).stale).toBe(true)
    await engine.suppression.add([], { asOf: 'now' })
    await bench.clock.advance(10 * MINUTE)
    expect((await job.snapshot()).tasks).toMatchObject({ succeeded: 299, skipped: 1 })
    await bench.end(engine)
  })

  it.each([
    [{ scope: { team: 'x' } }, 'invalid_options scope'],
    [{ scope: everything, expires: 'yesterday' }, 'invalid_schedule expires'],
    [{ expires: 5 }, 'invalid_schedule expires'],
    [{ asOf: '2026-03-04' }, 'invalid_schedule asOf'],
    [{ maxAge: '31' }, 'invalid_options maxAge'],
    [{ reason: 'x'.repeat(201) }, 'invalid_options reason'],
    [{ organization: '' }, 'invalid_options scope.organization'],
    [{ until: 5 }, 'invalid_options until'],
  ])('refuses %j', async (options, expected) => {
    const { suppression } = new Bench({ start: '2026-03-02T10:00:00Z' }).engine()
    expect(await suppression.add([phone(0)], options as never).catch(field)).toBe(expected)
    expect((await suppression.describe()).size).toBe(0)
  })
})

describe('replacing a list', () => {
  it('leaves what the numbers say, and whom a call has put there', async () => {
    const bench = new Bench()
    const engine = await bench.started()
    const scope: SuppressionScope = { organization: 'default' }
    const { suppression } = engine
    await suppression.add(
      people(6).map((one) => one.phone),
      { scope, asOf: 'now', maxAge: '31d' },
    )
    const job = await engine.calls.create(bench.campaign({ contacts: [{ phone: phone(8) }] }))
    await bench.clock.advance(10 * SECOND)
    const ref = (await job.task(0)).liveCall as string
    await engine.calls.report(ref, { optOut: { reason: 'no' } })
    await bench.clock.advance(HOUR)
    expect(await suppression.replace([phone(0), phone(9)], { scope, asOf: 'now' })).toEqual({
      size: 3,
      removed: 5,
      kept: 1,
    })
    expect(await entries(suppression.entries(scope))).toEqual([
      { number: phone(0) },
      { number: phone(8), reason: 'opt_out: no' },
      { number: phone(9) },
    ])
    expect((await suppression.describe(scope)).asOf).toBe(bench.clock.now())
    // On request even they are taken off, and then no replacement brings them back or keeps them.
    await suppression.remove([phone(8)], scope)
    expect(await suppression.replace([], { scope })).toEqual({ size: 0, removed: 2, kept: 0 })
    await bench.end(engine)
  })

  it('has nobody callable in between who is on both, and nobody lost who opts out meanwhile', async () => {
    const both = people(2500).map((_, i) => `+1202555${1000 + i}`)
    const old = people(2500).map((_, i) => `+1303555${1000 + i}`)
    const fresh = people(2500).map((_, i) => `+1404555${1000 + i}`)
    const bench = new Bench()
    const seen: string[] = []
    let step = 0
    const late = old[17] as string
    const storage = new Proxy(bench.storage, {
      get(target, key) {
        const value = Reflect.get(target, key, target) as unknown
        if (typeof value !== 'function') return value
        const method = value.bind(target) as (...given: unknown[]) => Promise<unknown>
        if (!['setList', 'scanList', 'getList'].includes(String(key))) return method
        return async (...given: unknown[]) => {
          if (watching) await look(target)
          return method(...given)
        }
      },
    })
    let watching = false
    const look = async (store: Storage): Promise<void> => {
      const { members } = await store.getList('suppressed:everything', both.slice(0, 1000))
      seen.push(members.includes(undefined) ? 'hole' : 'whole')
      // In the middle of it somebody who is only on the old list says so himself.
      if (++step !== 9) return
      await store.setList('said:everything', { add: [{ member: late, reason: 'opt_out' }] })
      await store.setList('suppressed:everything', { add: [{ member: late, reason: 'opt_out' }] })
    }
    const { suppression } = bench.engine(storage)
    await suppression.add([...both, ...old])
    watching = true
    const replaced = await suppression.replace([...both, ...fresh])
    watching = false
    expect(step).toBeGreaterThan(9)
    expect(new Set(seen)).toEqual(new Set(['whole']))
    expect(replaced).toEqual({ size: 5001, removed: 2499, kept: 1 })
    const listed = await suppression.check([late, old[0] as string, fresh[0] as string])
    expect(listed.map(({ lists }) => lists.length)).toEqual([1, 0, 1])
  })

  it('never takes off, not for a moment, who opts out while it is at work, and heals one that broke off', async () => {
    const bench = new Bench()
    const engine = await bench.started()
    const scope: SuppressionScope = { organization: 'default' }
    const job = await engine.calls.create(bench.campaign())
    await bench.clock.advance(10 * SECOND)
    const ref = (await job.task(0)).liveCall as string
    await engine.suppression.add([phone(0), phone(1)], { scope })
    // The opt-out comes right before the removal; the process that replaces the list dies right behind it.
    const torn = withMethod(bench.storage, 'setList', (original) => async (name, edit) => {
      if (!edit.remove?.length) return original(name, edit)
      await engine.calls.report(ref, { optOut: true })
      await original(name, edit)
      throw new Error('killed')
    })
    const replacing = expect(bench.engine(torn).suppression.replace([phone(1)], { scope })).rejects.toThrow('killed')
    await bench.clock.advance(SECOND)
    await replacing
    const listed = async () =>
      (await engine.suppression.check([phone(0)], { organization: 'default' }))[0]?.lists.length
    expect(await listed()).toBe(1)
    // As a version without that care may have left it.
    await bench.storage.setList('suppressed:organization:default', { remove: [phone(0)] })
    expect(await engine.suppression.replace([phone(1)], { scope })).toEqual({ size: 2, removed: 0, kept: 1 })
    expect(await listed()).toBe(1)
    await bench.end(engine)
  })
})
