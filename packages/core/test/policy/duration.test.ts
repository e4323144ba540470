import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  type Duration,
  durationBetween,
  durationSchema,
  formatDuration,
  parseDuration,
} from '../../src/policy/duration.js'

describe('a duration', () => {
  it.each<[Duration, number]>([
    [0, 0],
    [1500, 1500],
    ['250ms', 250],
    ['30s', 30_000],
    ['5m', 300_000],
    ['1h30m', 5_400_000],
    [' 1h 30m ', 5_400_000],
    ['1.5h', 5_400_000],
    ['1.25 h', 4_500_000],
    ['3660d', 316_224_000_000],
    ['2d', 172_800_000],
    ['1w', 604_800_000],
  ])('%j is %d ms', (input, ms) => {
    expect(parseDuration(input, 'ringTimeout')).toBe(ms)
    expect(durationSchema.parse(input)).toBe(ms)
  })

  it.each<[unknown, string]>([
    ['5', 'has no unit'],
    ['15', 'has no unit'],
    ['1.25', "'1.25' has no unit"],
    ['x5', "'x5' is not a duration"],
    ['5xm', 'not a duration'],
    ['3661d', "'3661d' is longer than ten years"],
    ['five minutes', 'not a duration'],
    ['5M', 'not a duration'],
    ['-5m', 'not a duration'],
    ['', 'not a duration'],
    ['5m5m', 'twice or out of order'],
    ['30s5m', 'twice or out of order'],
    [-1, 'negative'],
    [Number.NaN, 'not a duration'],
    [Number.POSITIVE_INFINITY, 'not a duration'],
    [1e15, 'longer than ten years'],
    [null, 'expected milliseconds'],
    [true, 'expected milliseconds'],
  ])('refuses %j', (input, message) => {
    expect(() => parseDuration(input as Duration, 'retry.busy[1]')).toThrow(
      expect.objectContaining({
        code: 'invalid_options',
        details: { field: 'retry.busy[1]' },
        message: expect.stringContaining(message),
      }),
    )
    expect(durationSchema.safeParse(input).error?.issues[0]?.message).toContain(message)
  })

  it('keeps to its bounds', () => {
    const ring = durationBetween(5_000, 120_000)
    expect(ring.parse('5s')).toBe(5_000)
    expect(ring.parse('2m')).toBe(120_000)
    expect(ring.safeParse('4s').error?.issues[0]?.message).toBe('is shorter than 5s')
    expect(ring.safeParse('3m').error?.issues[0]?.message).toBe('is longer than 2m')
  })

  it('is written as it is read', () => {
    expect(formatDuration(0)).toBe('0s')
    expect(formatDuration(14 * 86_400_000)).toBe('14d')
    expect(formatDuration(Number.POSITIVE_INFINITY)).toBe('forever')
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 3660 * 86_400_000 }), (ms) => {
        expect(parseDuration(formatDuration(ms), 'x')).toBe(ms)
      }),
    )
  })
})
