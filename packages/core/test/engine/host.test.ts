import { describe, expect, it } from 'vitest'
import { Rounds } from '../../src/engine/rounds.js'
import { bench } from './support/bench.js'

describe('the time of an engine', () => {
  it('is the wall clock’s before the store has said its own, and then the store’s, in whole milliseconds', async () => {
    const { clock, host } = bench()
    expect(host.now()).toBe(clock.now())
    host.synchronize(5000.75, clock.monotonic())
    expect(host.now()).toBe(5000)
    await clock.advance(10)
    expect(host.now()).toBe(5010)
    clock.setWallClock(clock.now() + 3_600_000)
    expect(host.now()).toBe(5010)
  })

  it('is never ahead of the store’s, for a reply may have been long under way', async () => {
    const { clock, host } = bench()
    const sentAt = clock.monotonic()
    await clock.advance(300)
    host.synchronize(9000, sentAt)
    expect(host.now()).toBe(9300)
  })
})

describe('the timers of an engine', () => {
  it('run once, and not when taken back', async () => {
    const { clock, host, now } = bench()
    const ran: string[] = []
    host.later(() => ran.push(`kept ${now()}`), 100)
    const takeBack = host.later(() => ran.push('taken back'), 100)
    takeBack()
    expect(clock.pending).toBe(1)
    await clock.advance(1000)
    expect(ran).toEqual(['kept 100'])
    host.dispose()
  })

  it('end with it, and whoever waits is told', async () => {
    const { clock, host } = bench()
    const ran: string[] = []
    host.later(() => ran.push('too late'), 100)
    const taken = host.later(() => ran.push('too late'), 100)
    expect(host.ended.aborted).toBe(false)
    host.dispose()
    expect(host.ended.aborted).toBe(true)
    expect(clock.pending).toBe(0)
    taken()
    await clock.advance(1000)
    expect(ran).toEqual([])
  })

  it('pause for their time, or until somebody ends the pause', async () => {
    const { clock, host, now } = bench()
    const over: string[] = []
    const [long, short] = [new AbortController(), new AbortController()]
    void host.pause(500, long.signal).then(() => over.push(`long ${now()}`))
    void host.pause(500, short.signal).then(() => over.push(`short ${now()}`))
    await clock.advance(200)
    expect(over).toEqual([])
    short.abort()
    await clock.advance(0)
    expect(over).toEqual(['short 200'])
    expect(clock.pending).toBe(1)
    await clock.advance(1000)
    expect(over).toEqual(['short 200', 'long 500'])
    // It is over: nothing is left to end.
    long.abort()
    void host.pause(500, long.signal).then(() => over.push(`none ${now()}`))
    expect(clock.pending).toBe(0)
    await clock.advance(0)
    expect(over).toEqual(['short 200', 'long 500', 'none 1200'])
  })
})

describe('rounds', () => {
  it('go on, a pause after each, also after one that failed, which is told', async () => {
    const { clock, host, now, failures } = bench()
    const began: number[] = []
    const rounds = new Rounds(host, 1000, async () => {
      began.push(now())
      await host.pause(100, host.ended)
      if (began.length === 2) throw new Error('no')
    })
    rounds.start()
    await clock.advance(3500)
    expect(began).toEqual([0, 1100, 2200, 3300])
    expect(failures).toEqual([{ error: new Error('no'), retryIn: 1000 }])
    await rounds.stop()
  })

  it('stop at once during a pause, and when the round is over during a round', async () => {
    const { clock, host, now } = bench()
    const events: string[] = []
    const rounds = new Rounds(host, 1000, async (signal) => {
      await host.pause(100, host.ended)
      events.push(`${signal.aborted} ${now()}`)
    })
    rounds.start()
    await clock.advance(500)
    void rounds.stop().then(() => events.push(`stopped ${now()}`))
    await clock.advance(5000)
    expect(events).toEqual(['false 100', 'stopped 500'])

    const again = new Rounds(host, 1000, async (signal) => {
      await host.pause(100, host.ended)
      events.push(`${signal.aborted} ${now()}`)
    })
    again.start()
    await clock.advance(50)
    void again.stop().then(() => events.push(`stopped ${now()}`))
    await clock.advance(5000)
    expect(events.slice(2)).toEqual(['true 5600', 'stopped 5600'])
  })

  it('that were never started are stopped already', async () => {
    const { host } = bench()
    await expect(new Rounds(host, 1000, () => Promise.reject(new Error('no'))).stop()).resolves.toBeUndefined()
  })
})
