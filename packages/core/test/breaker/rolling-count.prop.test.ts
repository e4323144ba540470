import { fc, test } from '@fast-check/vitest'
import { describe, expect, it } from 'vitest'
import { RollingCount } from '../../src/breaker/rolling-count.js'

const WINDOW = 60_000
const START = 1_800_000_000_000

describe('a rolling count', () => {
  test.prop([fc.array(fc.tuple(fc.integer({ min: 0, max: 30_000 }), fc.boolean()), { maxLength: 200 })])(
    'counts what is in the window, and at most a twelfth of it less',
    (steps) => {
      const count = new RollingCount(WINDOW)
      const added: { at: number; failed: boolean }[] = []
      let now = START
      for (const [wait, failed] of steps) {
        now += wait
        count.add(now, failed)
        added.push({ at: now, failed })
        const { calls, failed: failures } = count.tally(now)
        const within = (span: number) => added.filter(({ at }) => at > now - span)
        expect(calls).toBeLessThanOrEqual(within(WINDOW).length)
        expect(calls).toBeGreaterThanOrEqual(within((WINDOW * 11) / 12).length)
        expect(failures).toBeLessThanOrEqual(calls)
        expect(failures).toBeGreaterThanOrEqual(within((WINDOW * 11) / 12).filter((one) => one.failed).length)
      }
    },
  )

  it('counts at the latest time it has heard of when a clock goes back', () => {
    const count = new RollingCount(WINDOW)
    count.add(START, false)
    count.add(START - 30_000, true)
    expect(count.tally(START - 60_000)).toEqual({ calls: 2, failed: 1 })
    expect(count.tally(START + WINDOW)).toEqual({ calls: 0, failed: 0 })
  })

  it('is empty after it was cleared', () => {
    const count = new RollingCount(WINDOW)
    count.add(START, true)
    count.clear()
    expect(count.tally(START)).toEqual({ calls: 0, failed: 0 })
  })
})
