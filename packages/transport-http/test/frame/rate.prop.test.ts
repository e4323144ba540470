import { fc, test } from '@fast-check/vitest'
import { virtualClock } from 'outdial'
import { expect } from 'vitest'
import { RateGate } from '../../src/frame/rate.js'

const gaps = fc.array(fc.integer({ min: 0, max: 3000 }), { minLength: 1, maxLength: 60 })

test.prop([gaps, fc.integer({ min: 1, max: 20 }), fc.integer({ min: 1, max: 10 })])(
  'in any window of length T, no more than rate × T + burst are let through; who waits as told is let through',
  async (pauses, perSecond, burst) => {
    const clock = virtualClock()
    const gate = new RateGate(clock, perSecond, burst)
    const taken: number[] = []
    for (const pause of pauses) {
      await clock.advance(pause)
      const answer = gate.take('a')
      if (answer === 'taken') taken.push(clock.monotonic())
      else {
        await clock.advance(answer * 1000)
        expect(gate.take('a')).toBe('taken')
        taken.push(clock.monotonic())
      }
      expect(gate.take(`other ${taken.length}`)).toBe('taken')
    }
    for (const [i, from] of taken.entries())
      for (const [j, to] of taken.entries())
        if (j >= i) expect(j - i + 1).toBeLessThanOrEqual((perSecond * (to - from)) / 1000 + burst + 1e-6)
  },
)
