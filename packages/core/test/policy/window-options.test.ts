import { describe, expect, it } from 'vitest'
import { isOutdialError } from '../../src/errors/outdial-error.js'
import { parseWindow, type WindowOptions, windowSchema } from '../../src/policy/window-options.js'

const NONE: number[] = []

describe('window options', () => {
  it.each<[WindowOptions, number[][]]>([
    ['09:00-20:00', Array(7).fill([540, 1200])],
    ['mon-fri 09:00-12:00,13:00-20:00; sat 10:00-16:00', [...Array(5).fill([540, 720, 780, 1200]), [600, 960], NONE]],
    ['Monday, wed 9:00-10:00', [[540, 600], NONE, [540, 600], NONE, NONE, NONE, NONE]],
    ['09:00-10:00,11:00-12:00,11:30-13:00', Array(7).fill([540, 600, 660, 780])],
    ['sat-mon 09:00-10:00', [[540, 600], NONE, NONE, NONE, NONE, [540, 600], [540, 600]]],
    [
      {
        mon: [
          ['09:00', '12:00'],
          ['13:00', '20:00'],
        ],
        tue: '00:00-24:00',
        sat: [],
      },
      [[540, 720, 780, 1200], [0, 1440], NONE, NONE, NONE, NONE, NONE],
    ],
    [{ days: 'mon-fri', hours: '09:00-20:00' }, [...Array(5).fill([540, 1200]), NONE, NONE]],
    [{ days: ['tue'], hours: [['09:00', '10:00']] }, [NONE, [540, 600], NONE, NONE, NONE, NONE, NONE]],
    [
      ['mon 09:00-12:00', { days: 'mon', hours: '11:00-14:00,14:00-15:00' }],
      [[540, 900], NONE, NONE, NONE, NONE, NONE, NONE],
    ],
  ])('%j', (options, week) => {
    expect(parseWindow(options, 'window')).toStrictEqual({ week, closedOn: [] })
  })

  it('names the next day only for hours that go on there', () => {
    expect(() => parseWindow('22:00-00:00', 'window')).toThrow(
      /^window: '22:00-00:00' goes over midnight; write '22:00-24:00'$/,
    )
  })

  it('takes dates with spaces around them', () => {
    expect(parseWindow({ hours: '09:00-10:00', closedOn: [' 2026-12-25 '] }, 'window').closedOn).toEqual(['2026-12-25'])
  })

  it('keeps zone and closed dates, each date once', () => {
    const options = [
      { timezone: 'Asia/Tokyo', hours: '09:00-10:00', closedOn: ['2026-12-25', '2026-01-01'] },
      { hours: '09:00-10:00', closedOn: ['2026-12-25'] },
    ]
    expect(parseWindow(options, 'window')).toMatchObject({
      timezone: 'Asia/Tokyo',
      closedOn: ['2026-01-01', '2026-12-25'],
    })
  })

  it.each<[unknown, string, string]>([
    ['22:00-06:00', 'window', "write '22:00-24:00', and '00:00-06:00' on the next day"],
    ['22:00 - 06:00', 'window', "'22:00-06:00' goes over midnight"],
    ['09:00-24:30', 'window', "'24:30' is not a time of day"],
    ['mon 09:00', 'window', "'09:00' is not an interval"],
    ['09:00-10:00, 11:00 ', 'window', "'11:00' is not an interval"],
    ['09:00-10:00-11:00', 'window', "'09:00-10:00-11:00' is not an interval"],
    ['09:00-09:00', 'window', 'is empty'],
    ['9-17', 'window', "'9' is not a time of day"],
    ['mon-fri', 'window', 'names no hours'],
    ['mon-fri-sat 09:00-10:00', 'window', 'not a weekday or a range'],
    ['funday 09:00-10:00', 'window', "'funday' is not a weekday"],
    ['mon, funday 09:00-10:00', 'window', "'funday' is not a weekday"],
    ['mon-funday 09:00-10:00', 'window', "'mon-funday' is not a weekday"],
    ['funday-mon 09:00-10:00', 'window', "'funday-mon' is not a weekday"],
    ['', 'window', 'is empty'],
    [' ; ', 'window', 'is empty'],
    [7, 'window', 'expected a calling window'],
    [null, 'window', 'expected a calling window'],
    [[], 'window', 'never opens'],
    [{}, 'window', 'never opens'],
    [{ mon: [] }, 'window', 'never opens'],
    [{ mon: [['09:00', '25:00']] }, 'window.mon[0]', "'25:00' is not a time of day"],
    [{ mon: [['24:00', '25:00']] }, 'window.mon[0]', "'24:00' is not a time of day"],
    [{ mon: [['09:00']] }, 'window.mon[0]', 'expected an interval'],
    [{ mon: 9 }, 'window.mon', 'expected hours'],
    [{ days: [], hours: '09:00-10:00' }, 'window.days', 'expected weekdays'],
    [{ days: 'mon-fri' }, 'window.hours', 'expected hours'],
    [{ hours: '09:00-10:00', closedOn: ['2026-02-29'] }, 'window.closedOn[0]', 'is not a date'],
    [{ hours: '09:00-10:00', closedOn: [5] }, 'window.closedOn[0]', "'5' is not a date"],
    [{ hours: '09:00-10:00', closedOn: ['2026-12-25T10:00'] }, 'window.closedOn[0]', 'is not a date'],
    [{ hours: '09:00-10:00', closedOn: ['+012026-12-25'] }, 'window.closedOn[0]', 'is not a date'],
    [['09:00-10:00', { hours: '09:00-10:00', timezone: 'utc+3' }], 'window[1].timezone', 'not an IANA time zone'],
    [
      [
        { hours: '09:00-10:00', timezone: 'UTC' },
        { hours: '09:00-10:00', timezone: 'Asia/Tokyo' },
      ],
      'window',
      'two time zones',
    ],
  ])('refuses %j', (options, field, message) => {
    try {
      parseWindow(options as WindowOptions, 'window')
    } catch (error) {
      if (!isOutdialError(error, 'invalid_schedule')) throw error
      expect(error.details.field).toBe(field)
      expect(error.message).toContain(message)
      return
    }
    throw new Error('was accepted')
  })

  it('is refused by itself as zod refuses', () => {
    const zones = ['UTC', 'Asia/Tokyo'].map((timezone) => ({ timezone, hours: '09:00-10:00' }))
    for (const options of [{}, zones]) {
      expect(windowSchema.safeParse(options).error?.issues).toMatchObject([{ code: 'custom', path: [] }])
    }
  })

  it('refuses a key it does not know by name, of several the first', () => {
    expect(() => parseWindow({ monday: '09:00-10:00', tuesday: '09:00-10:00' } as WindowOptions, 'window')).toThrow(
      expect.objectContaining({
        code: 'invalid_options',
        details: expect.objectContaining({ field: 'window.monday' }),
      }),
    )
  })
})
