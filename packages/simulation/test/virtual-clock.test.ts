import { describe, expect, test } from 'vitest'
import { DEFAULT_START, virtualClock } from '../src/index.js'

describe('virtualClock', () => {
  test('starts on a Monday afternoon in 2027, at a given instant, or at a given ISO time', () => {
    expect(new Date(virtualClock().now()).toISOString()).toBe('2027-01-04T14:00:00.000Z')
    expect(virtualClock({ start: 5 }).now()).toBe(5)
    expect(virtualClock({ start: '2030-06-01T09:00:00+02:00' }).now()).toBe(Date.UTC(2030, 5, 1, 7))
  })

  test.each([
    { start: 'tomorrow' },
    { start: '2030-06-01T09:00:00' },
    { start: Number.NaN },
    { speed: 0 },
    { speed: Number.NaN },
    { speed: 2, autoAdvance: true },
  ])('refuses %o', (options) => {
    expect(() => virtualClock(options)).toThrow(expect.objectContaining({ code: 'invalid_options' }))
  })

  test('stands still until it is moved', async () => {
    const clock = virtualClock()
    let ran = false
    clock.setTimeout(() => {
      ran = true
    }, 1)
    await new Promise((resolve) => setImmediate(resolve))
    expect([clock.now(), clock.monotonic(), ran]).toEqual([DEFAULT_START, 0, false])
    await clock.advance(1)
    expect([clock.now(), clock.monotonic(), ran]).toEqual([DEFAULT_START + 1, 1, true])
  })

  test('runs timers in order of time, then of creation, each at its own instant', async () => {
    const clock = virtualClock({ start: 0 })
    const ran: string[] = []
    const set = (name: string, ms: number) => clock.setTimeout(() => void ran.push(`${name}@${clock.now()}`), ms)
    set('c', 20)
    set('a', 10)
    set('b', 10)
    set('at once', 0)
    set('before now', -5)
    set('not a number', Number.NaN)
    set('rounded up', 19.1)
    await clock.advance(100)
    expect(ran).toEqual(['at once@0', 'before now@0', 'not a number@0', 'a@10', 'b@10', 'c@20', 'rounded up@20'])
    expect(clock.now()).toBe(100)
  })

  test('lets promise chains and one turn of the event loop pass between two instants', async () => {
    const clock = virtualClock({ start: 0 })
    const seen: string[] = []
    const chain = async () => {
      for (let i = 0; i < 50; i++) await undefined
      seen.push(`chain@${clock.now()}`)
      setImmediate(() => seen.push(`turn@${clock.now()}`))
    }
    clock.setTimeout(() => void chain(), 10)
    clock.setTimeout(() => void seen.push(`next@${clock.now()}`), 11)
    await clock.advance(20)
    expect(seen).toEqual(['chain@10', 'turn@10', 'next@11'])
  })

  test('runs timers that timers set, also those for the same instant', async () => {
    const clock = virtualClock({ start: 0 })
    const ran: number[] = []
    const again = () => {
      ran.push(clock.now())
      if (ran.length < 6) clock.setTimeout(again, ran.length % 2)
    }
    clock.setTimeout(again, 5)
    await clock.advance(7)
    expect(ran).toEqual([5, 6, 6, 7, 7])
    await clock.advance(1)
    expect(ran).toEqual([5, 6, 6, 7, 7, 8])
  })

  test('lets promises of an instant run before timers that were set for it meanwhile', async () => {
    const clock = virtualClock()
    const log: string[] = []
    clock.setTimeout(() => {
      clock.setTimeout(() => void log.push('timer set meanwhile'), 0)
      void Promise.resolve().then(() => log.push('promise'))
    }, 5)
    clock.setTimeout(() => void log.push('timer set before'), 5)
    await clock.advance(5)
    expect(log).toEqual(['timer set before', 'promise', 'timer set meanwhile'])
  })

  test('never runs a cleared timer, however often it is cleared and by whom', async () => {
    const clock = virtualClock()
    const ran: string[] = []
    const first = clock.setTimeout(() => void ran.push('first'), 10)
    clock.setTimeout(() => clock.clearTimeout(victim), 20)
    const victim = clock.setTimeout(() => void ran.push('victim'), 20)
    clock.clearTimeout(first)
    clock.clearTimeout(first)
    await clock.advance(50)
    clock.clearTimeout(victim)
    expect(ran).toEqual([])
    expect(clock.pending).toBe(0)
  })

  test('tells when the next timer is due, and what is pending', async () => {
    const clock = virtualClock({ start: 1_000 })
    expect(clock.next()).toBeUndefined()
    clock.setTimeout(() => {}, 30, 'lease of job_1')
    clock.setTimeout(function poll() {}, 20)
    clock.setTimeout(() => {}, Number.POSITIVE_INFINITY, 'never')
    expect(clock.next()).toBe(1_020)
    expect(clock.pending).toBe(3)
    expect(clock.timers()).toEqual([
      { at: 1_020, label: 'poll' },
      { at: 1_030, label: 'lease of job_1' },
      { at: Number.POSITIVE_INFINITY, label: 'never' },
    ])
    await clock.advance(1_000)
    expect(clock.timers()).toEqual([{ at: Number.POSITIVE_INFINITY, label: 'never' }])
    expect(clock.next()).toBeUndefined()
  })

  test('moves to a wall time, and not back', async () => {
    const clock = virtualClock()
    await clock.advanceTo('2027-01-05T00:00:00Z')
    expect(clock.now()).toBe(Date.UTC(2027, 0, 5))
    await expect(clock.advanceTo(DEFAULT_START)).rejects.toMatchObject({ code: 'invalid_options' })
    await expect(clock.advance(-1)).rejects.toMatchObject({ code: 'invalid_options' })
    await clock.advanceTo(clock.now())
  })

  test('lets moves queue up behind each other', async () => {
    const clock = virtualClock({ start: 0 })
    const ran: number[] = []
    clock.setTimeout(() => void ran.push(clock.now()), 15)
    await Promise.all([clock.advance(10), clock.advance(10)])
    expect(clock.now()).toBe(20)
    expect(ran).toEqual([15])
  })

  test('rejects the move with what a timer throws, at that instant, and goes on afterwards', async () => {
    const clock = virtualClock({ start: 0 })
    let ran = 0
    clock.setTimeout(() => {
      throw new Error('broken')
    }, 10)
    clock.setTimeout(() => ran++, 10)
    await expect(clock.advance(20)).rejects.toThrow('broken')
    expect([clock.now(), ran]).toEqual([10, 0])
    await clock.advance(10)
    expect([clock.now(), ran]).toEqual([20, 1])
  })

  test('runs until idle, or until its bound', async () => {
    const clock = virtualClock({ start: 0 })
    clock.setTimeout(() => void clock.setTimeout(() => {}, 500), 500)
    expect(await clock.runUntilIdle({ maxMs: 600 })).toBe(false)
    expect(clock.now()).toBe(600)
    expect(await clock.runUntilIdle()).toBe(true)
    expect(clock.now()).toBe(1_000)
  })

  test('a jump of the wall clock leaves timers and the monotonic clock alone', async () => {
    const clock = virtualClock({ start: 0 })
    let ranAt = -1
    clock.setTimeout(() => {
      ranAt = clock.monotonic()
    }, 100)
    await clock.advance(40)
    clock.setWallClock('2000-01-01T00:00:00Z')
    expect([clock.now(), clock.monotonic()]).toEqual([Date.UTC(2000, 0, 1), 40])
    expect(clock.next()).toBe(Date.UTC(2000, 0, 1) + 60)
    await clock.advance(60)
    expect([clock.now(), ranAt]).toEqual([Date.UTC(2000, 0, 1) + 60, 100])
  })

  test('once disposed it runs nothing, old or new', async () => {
    const clock = virtualClock()
    let ran = 0
    clock.setTimeout(() => ran++, 1)
    clock.dispose()
    clock.setTimeout(() => ran++, 1)
    await clock.advance(10)
    expect([ran, clock.pending]).toEqual([0, 0])
  })
})
