import { describe, expect, it } from 'vitest'
import { capsSchema } from '../../src/policy/caps.js'
import { type DialPolicy, type DialTask, decideDial } from '../../src/policy/decide.js'
import { NO_ATTEMPTS } from '../../src/policy/retry.js'
import { parseWindow } from '../../src/policy/window-options.js'

const utc = (text: string) => Date.parse(text)
// A Monday; 10:00 in New York.
const NOW = utc('2026-03-02T15:00:00Z')
const HOUR = 3_600_000

const policy: DialPolicy = {
  version: 'job_1@3',
  window: parseWindow('mon-fri 09:00-20:00', 'window'),
  timezone: 'America/New_York',
  attempts: 3,
  caps: capsSchema.parse([{ per: 'phone', max: 3, within: '24h' }]),
}
const task: DialTask = { organization: 'org_1', phone: '+12025550100', memo: NO_ATTEMPTS }

describe('the decision before a dial', () => {
  it('dials until the window closes, with the caps to hold', () => {
    expect(decideDial(NOW, policy, task)).toEqual({
      status: 'dial',
      until: NOW + 10 * HOUR,
      holds: [{ key: 'cap:phone:org_1:+12025550100:86400000', n: 1 }],
      record: {
        policy: 'job_1@3',
        at: NOW,
        zone: 'America/New_York',
        offset: -300,
        zoneBy: 'default',
        rules: { expiry: 'pass', attempts: 'pass', not_before: 'pass', zone: 'pass', window: 'pass' },
      },
    })
  })

  it('dials until the expiry where that is sooner, and never from it on', () => {
    const expiring = { ...policy, expiresAt: NOW + HOUR }
    expect(decideDial(NOW, expiring, task)).toMatchObject({ status: 'dial', until: NOW + HOUR })
    expect(decideDial(NOW, expiring, { ...task, expiresAt: NOW + 5 })).toMatchObject({ until: NOW + 5 })
    expect(decideDial(NOW + HOUR, expiring, { ...task, expiresAt: NOW + 9 * HOUR })).toMatchObject({
      status: 'ended',
      terminal: 'expired',
      reason: 'expired',
    })
  })

  it("goes by the called person's clock", () => {
    const abroad = decideDial(NOW, policy, { ...task, timezone: 'Asia/Tokyo' })
    expect(abroad).toMatchObject({
      status: 'blocked',
      blocking: [{ rule: 'window', until: utc('2026-03-03T00:00:00Z') }],
      retryAt: utc('2026-03-03T00:00:00Z'),
      record: { zone: 'Asia/Tokyo', offset: 540, rules: { window: 'block' } },
    })
  })

  it('tells all that blocks it, and when all of it is over', () => {
    const blocked = decideDial(NOW + 12 * HOUR, policy, { ...task, notBefore: utc('2026-03-07T12:00:00Z') })
    expect(blocked).toMatchObject({
      status: 'blocked',
      blocking: [
        { rule: 'not_before', until: utc('2026-03-07T12:00:00Z'), detail: 'not due yet' },
        {
          rule: 'window',
          until: utc('2026-03-03T14:00:00Z'),
          detail: 'outside the calling window in America/New_York',
        },
      ],
      // That is a Saturday.
      retryAt: utc('2026-03-09T13:00:00Z'),
    })
  })

  it('waits for the window also when only the time before which it may not dial blocks', () => {
    const blocked = decideDial(NOW, policy, { ...task, notBefore: utc('2026-03-07T12:00:00Z') })
    expect(blocked).toMatchObject({ blocking: [{ rule: 'not_before' }], retryAt: utc('2026-03-09T13:00:00Z') })
    expect(blocked).not.toHaveProperty('blocking.1')
  })

  it('dials at the very instant before which it may not', () => {
    expect(decideDial(NOW, policy, { ...task, notBefore: NOW })).toMatchObject({ status: 'dial' })
    expect(decideDial(NOW, policy, { ...task, notBefore: NOW + 1 })).toMatchObject({ status: 'blocked' })
  })

  it('does not say when a window opens that never does', () => {
    const never = decideDial(NOW, { ...policy, window: { week: Array(7).fill([]), closedOn: [] } }, task)
    expect(never).toMatchObject({ status: 'blocked', retryAt: NOW + HOUR })
    expect(never).toHaveProperty('blocking.0.rule', 'window')
    expect(never).not.toHaveProperty('blocking.0.until')
  })

  it('comes back at the expiry when nothing opens before', () => {
    const blocked = decideDial(NOW + 12 * HOUR, { ...policy, expiresAt: NOW + 13 * HOUR }, task)
    expect(blocked).toMatchObject({ status: 'blocked', retryAt: NOW + 13 * HOUR })
  })

  it('does not dial where it cannot know the time', () => {
    expect(decideDial(NOW, policy, { ...task, timezone: 'Mars/Olympus' })).toMatchObject({
      status: 'blocked',
      blocking: [{ rule: 'zone_unknown', detail: expect.stringContaining('Mars/Olympus') }],
      retryAt: NOW + HOUR,
      record: { zone: 'Mars/Olympus', rules: { zone: 'block' } },
    })
  })

  it('does not need a zone where there is no window', () => {
    const anytime = decideDial(NOW, { ...policy, window: null }, { ...task, timezone: 'Mars/Olympus' })
    expect(anytime).toMatchObject({ status: 'dial', until: Number.POSITIVE_INFINITY })
    expect(anytime.record).not.toHaveProperty('zone')
  })

  it('does not dial a task whose attempts are used up', () => {
    const used = { ...task, memo: { ...NO_ATTEMPTS, burned: 3 } }
    expect(decideDial(NOW, policy, used)).toMatchObject({
      status: 'ended',
      terminal: 'failed',
      reason: 'attempts_exhausted',
    })
    expect(decideDial(NOW, policy, { ...used, attempts: 4 })).toMatchObject({ status: 'dial' })
    expect(decideDial(NOW, policy, { ...task, attempts: 0 })).toMatchObject({ status: 'ended' })
  })

  it.each<[string, Partial<DialPolicy>, number]>([
    ['the time', {}, Number.NaN],
    ['the expiry', { expiresAt: Number.NaN }, NOW],
    ['the earliest time', { notBefore: Number.NaN }, NOW],
    ['the number of attempts', { attempts: Number.NaN }, NOW],
    ['a window without hours', { window: { week: [], closedOn: [] } }, NOW],
  ])('does not dial when it does not know %s', (_, changed, now) => {
    expect(decideDial(now, { ...policy, ...changed }, task).status).not.toBe('dial')
  })
})
