import { describe, expect, it } from 'vitest'
import { Deadlines, type Waiting } from '../../src/engine/deadlines.js'
import { type Bench, bench } from './support/bench.js'

/** Something that waits until it is told to stop, and notes when it was told that its time is over. */
class Wait implements Waiting {
  waiting = true
  asked = 0
  readonly expiredAt: number[] = []
  readonly #here: Bench

  constructor(here: Bench) {
    this.#here = here
  }

  waits(): boolean {
    this.asked++
    return this.waiting
  }

  expire(): void {
    this.expiredAt.push(this.#here.now())
    this.waiting = false
  }
}

describe('deadlines', () => {
  it('tell everything that still waits when its time is over, once, and nothing else', async () => {
    const here = bench()
    const deadlines = new Deadlines(here.host, 1000)
    const waits = Array.from({ length: 6 }, () => new Wait(here))
    for (const wait of waits) {
      deadlines.add(wait)
      await here.clock.advance(100)
    }
    for (const over of [1, 4]) (waits[over] as Wait).waiting = false
    await here.clock.advance(5000)

    expect(waits.map(({ expiredAt }) => expiredAt)).toEqual([[1000], [], [1200], [1300], [], [1500]])
    expect(here.clock.pending).toBe(0)
  })

  it('are one timer, however many there are, and none when nothing waits', async () => {
    const here = bench()
    const deadlines = new Deadlines(here.host, 1000)
    const waits = Array.from({ length: 50 }, () => new Wait(here))
    let timers = 0
    const setTimeout = here.clock.setTimeout.bind(here.clock)
    here.clock.setTimeout = (...told) => {
      timers++
      return setTimeout(...told)
    }
    for (const wait of waits) deadlines.add(wait)
    expect(here.clock.pending).toBe(1)
    await here.clock.advance(999)
    expect(waits.flatMap(({ expiredAt }) => expiredAt)).toEqual([])
    await here.clock.advance(1)
    expect(waits.every(({ expiredAt }) => expiredAt.length === 1)).toBe(true)
    expect(here.clock.pending).toBe(0)
    expect(timers).toBe(1)

    const [late, later] = [new Wait(here), new Wait(here)]
    deadlines.add(late)
    await here.clock.advance(500)
    deadlines.add(later)
    later.waiting = false
    await here.clock.advance(500)
    expect(late.expiredAt).toEqual([2000])
    expect(here.clock.pending).toBe(0)
  })

  it('leave one alone that is told while another expires, and one that is over already', async () => {
    const here = bench()
    const deadlines = new Deadlines(here.host, 1000)
    const [first, second, third] = [new Wait(here), new Wait(here), new Wait(here)]
    first.expire = () => {
      first.waiting = false
      second.waiting = false
    }
    for (const wait of [first, second, third]) deadlines.add(wait)
    await here.clock.advance(1000)

    expect(second.expiredAt).toEqual([])
    expect(third.expiredAt).toEqual([1000])
  })

  it('ask nothing again that has ended, and forget it, however many come and go', async () => {
    const here = bench()
    const deadlines = new Deadlines(here.host, 1_000_000)
    const waits: Wait[] = []
    for (let i = 0; i < 5000; i++) {
      const wait = new Wait(here)
      waits.push(wait)
      deadlines.add(wait)
      if (i % 1000 !== 999) wait.waiting = false
    }
    const last = waits.filter(({ waiting }) => waiting)
    // The first that waits is asked with each that comes after it; what lies before it never again.
    const asked = waits.slice(0, 999).map((wait) => wait.asked)
    expect(Math.max(...asked)).toBeLessThanOrEqual(2)
    await here.clock.advance(1_000_000)
    expect(last.map(({ expiredAt }) => expiredAt)).toEqual(last.map(() => [1_000_000]))
    expect(last).toHaveLength(5)
  })

  it('keep their times when what is over has been forgotten', async () => {
    const here = bench()
    const deadlines = new Deadlines(here.host, 60_000)
    const early = Array.from({ length: 1500 }, () => new Wait(here))
    for (const wait of early) deadlines.add(wait)
    await here.clock.advance(10_000)
    for (const wait of early) wait.waiting = false
    const late = Array.from({ length: 100 }, () => new Wait(here))
    for (const wait of late) {
      deadlines.add(wait)
      await here.clock.advance(10)
    }
    await here.clock.advance(120_000)

    expect(late.map(({ expiredAt }) => expiredAt)).toEqual(late.map((_, i) => [70_000 + 10 * i]))
  })
})
