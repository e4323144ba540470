import { describe, expect, test } from 'vitest'
import type { VirtualClock } from '../src/index.js'
import { virtualClock } from '../src/index.js'
import { turns } from './support/turns.js'

const sleep = (clock: VirtualClock, ms: number) => new Promise<void>((resolve) => clock.setTimeout(resolve, ms))

describe('virtualClock({ autoAdvance: true })', () => {
  test('waits take no time, and add up', async () => {
    const clock = virtualClock({ start: 0, autoAdvance: true })
    for (let day = 0; day < 30; day++) await sleep(clock, 86_400_000)
    expect(clock.now()).toBe(30 * 86_400_000)
  })

  test('speed: Infinity is the same', async () => {
    const clock = virtualClock({ start: 0, speed: Number.POSITIVE_INFINITY })
    await sleep(clock, 1_000)
    expect(clock.now()).toBe(1_000)
  })

  test('concurrent programs interleave by time, the same way every time', async () => {
    const run = async () => {
      const clock = virtualClock({ start: 0, autoAdvance: true })
      const log: string[] = []
      const program = async (name: string, pause: number) => {
        for (let i = 0; i < 5; i++) {
          await sleep(clock, pause)
          for (let hop = 0; hop < 20; hop++) await undefined
          log.push(`${name}${clock.now()}`)
        }
      }
      await Promise.all([program('a', 10), program('b', 15), program('c', 10)])
      return log
    }
    const first = await run()
    expect(first).toEqual([
      ...['a10', 'c10', 'b15', 'a20', 'c20', 'b30', 'a30', 'c30'],
      ...['a40', 'c40', 'b45', 'a50', 'c50', 'b60', 'b75'],
    ])
    expect(await run()).toEqual(first)
  })

  test('stands still without timers, and while somebody holds it', async () => {
    const clock = virtualClock({ start: 0, autoAdvance: true })
    await turns()
    expect(clock.now()).toBe(0)

    const releaseOne = clock.hold()
    const releaseTwo = clock.hold()
    let ran = false
    clock.setTimeout(() => {
      ran = true
    }, 10)
    await turns()
    // At rest, not turning idly.
    expect(process.getActiveResourcesInfo()).not.toContain('Immediate')
    releaseOne()
    releaseOne()
    await turns()
    expect([clock.now(), ran]).toEqual([0, false])
    releaseTwo()
    await turns()
    expect([clock.now(), ran]).toEqual([10, true])
  })

  test('during holds it until real work is done, well or badly', async () => {
    const clock = virtualClock({ start: 0, autoAdvance: true })
    clock.setTimeout(() => {}, 10)
    expect(await clock.during(turns().then(() => clock.now()))).toBe(0)
    await turns()
    expect(clock.now()).toBe(10)
    await expect(clock.during(Promise.reject(new Error('no such file')))).rejects.toThrow('no such file')
    await sleep(clock, 5)
    expect(clock.now()).toBe(15)
  })

  test('rests while it is moved by hand', async () => {
    const clock = virtualClock({ start: 0, autoAdvance: true })
    let ran = false
    clock.setTimeout(() => {
      ran = true
    }, 1_000)
    await clock.advance(500)
    expect([clock.now(), ran]).toEqual([500, false])
    await turns()
    expect([clock.now(), ran]).toEqual([1_000, true])
  })

  test('a timer that throws is an uncaught exception, and the others still run', async () => {
    const clock = virtualClock({ start: 0, autoAdvance: true })
    const caught: unknown[] = []
    const listeners = process.listeners('uncaughtException')
    process.removeAllListeners('uncaughtException')
    process.on('uncaughtException', (error) => caught.push(error))
    try {
      clock.setTimeout(() => {
        throw new Error('broken')
      }, 10)
      await sleep(clock, 10)
      await sleep(clock, 10)
    } finally {
      process.removeAllListeners('uncaughtException')
      for (const listener of listeners) process.on('uncaughtException', listener)
    }
    expect(caught).toEqual([new Error('broken')])
    expect(clock.now()).toBe(20)
  })

  test('600,000 timers run, each at its time and in order', async () => {
    const clock = virtualClock({ start: 0, autoAdvance: true })
    const count = 600_000
    let ran = 0
    let wrong = 0
    let last = 0
    for (let i = 0; i < count; i++) {
      const at = (i * 7_919) % 100_000
      clock.setTimeout(() => {
        ran++
        if (clock.now() !== at || at < last) wrong++
        last = at
      }, at)
    }
    await sleep(clock, 100_000)
    expect([ran, wrong, clock.pending]).toEqual([count, 0, 0])
  }, 60_000)
})
