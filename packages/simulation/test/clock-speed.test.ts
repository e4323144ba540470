import { describe, expect, test } from 'vitest'
import { virtualClock } from '../src/index.js'
import { turns } from './support/turns.js'

/** A clock that runs 60 times as fast as another one, which the test moves. */
const paced = () => {
  const base = virtualClock({ start: 0 })
  return { base, clock: virtualClock({ start: 0, speed: 60, base }) }
}

describe('virtualClock({ speed })', () => {
  test('time flows with the other clock', async () => {
    const { base, clock } = paced()
    await base.advance(1_000)
    expect([clock.now(), clock.monotonic()]).toEqual([60_000, 60_000])
  })

  test('timers run when their time has come, at exactly that', async () => {
    const { base, clock } = paced()
    const ran: number[] = []
    for (const ms of [90_000, 60_000, 60_000, 60_030]) clock.setTimeout(() => void ran.push(clock.now()), ms)
    await base.advance(999)
    expect(ran).toEqual([])
    await base.advance(1)
    expect(ran).toEqual([60_000, 60_000])
    await base.advance(1)
    expect(ran).toEqual([60_000, 60_000, 60_030])
    await base.advance(600)
    expect(ran).toEqual([60_000, 60_000, 60_030, 90_000])
  })

  test('a late process is late in virtual time too, and catches up instant by instant', async () => {
    const { base, clock } = paced()
    const ran: number[] = []
    const again = () => {
      ran.push(clock.now())
      if (ran.length < 4) clock.setTimeout(again, 1)
    }
    clock.setTimeout(again, 10)
    // One real millisecond is sixty virtual ones.
    await base.advance(1)
    await turns()
    expect(ran).toEqual([10, 11, 12, 13])
    expect(clock.now()).toBe(60)
  })

  test('time never passes a timer that has not run, however late that is, nor is a real timer asked for the impossible', () => {
    let elapsed = 0
    const asked: number[] = []
    const stuck = {
      now: () => elapsed,
      monotonic: () => elapsed,
      setTimeout: (_: () => void, ms: number) => ({ order: asked.push(ms) }),
      clearTimeout: () => {},
    }
    const clock = virtualClock({ start: 0, speed: 60, base: stuck })
    clock.setTimeout(() => {}, 60 * 365 * 86_400_000)
    clock.setTimeout(() => {}, 6_000)
    expect(asked).toEqual([2 ** 31 - 1, 100])
    elapsed = 500
    expect([clock.now(), clock.monotonic()]).toEqual([6_000, 6_000])
  })

  test('a hold stops it, and afterwards it goes on from where it stood', async () => {
    const { base, clock } = paced()
    await base.advance(100)
    const release = clock.hold()
    await base.advance(100)
    expect(clock.now()).toBe(6_000)
    release()
    await base.advance(100)
    expect(clock.now()).toBe(12_000)
  })

  test('keeps no timer of the other clock without one of its own', async () => {
    const { base, clock } = paced()
    const timer = clock.setTimeout(() => {}, 1_000)
    expect(base.pending).toBe(1)
    clock.clearTimeout(timer)
    expect(base.pending).toBe(0)
    clock.setTimeout(() => {}, 1_000)
    clock.dispose()
    expect(base.pending).toBe(0)
  })

  test('waits longer than a real timer can', async () => {
    const { base, clock } = paced()
    let ran = false
    const year = 365 * 86_400_000
    clock.setTimeout(() => {
      ran = true
    }, 60 * year)
    await base.advance(year - 1)
    expect(ran).toBe(false)
    await base.advance(1)
    expect(ran).toBe(true)
  })
})
