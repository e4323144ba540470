import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { decideDial } from '../../src/policy/decide.js'
import { parseWindow } from '../../src/policy/window-options.js'
import { openByWallClock, plainWindow, ZONES, zoneAndInstant } from './wall-clock.js'

const DAY = 86_400_000
const maybe = <T>(arbitrary: fc.Arbitrary<T>) => fc.option(arbitrary, { nil: undefined })
const around = maybe(fc.integer({ min: -30 * DAY, max: 30 * DAY }))

const situation = fc
  .record({
    plain: fc.option(plainWindow),
    where: zoneAndInstant,
    jobZone: fc.constantFrom(...ZONES),
    ownZone: fc.boolean(),
    job: fc.record({ notBefore: around, expiresAt: around, attempts: fc.integer({ min: 1, max: 4 }) }),
    own: fc.record({ notBefore: around, expiresAt: around, attempts: maybe(fc.integer({ min: 1, max: 4 })) }),
    burned: fc.integer({ min: 0, max: 4 }),
  })
  .map(({ plain, where: { zone, at: now }, jobZone, ownZone, job, own, burned }) => {
    const times = (given: { notBefore: number | undefined; expiresAt: number | undefined }) => ({
      ...(given.notBefore === undefined ? {} : { notBefore: now + given.notBefore }),
      ...(given.expiresAt === undefined ? {} : { expiresAt: now + given.expiresAt }),
    })
    const window = plain === null ? null : parseWindow({ ...plain.hours, closedOn: plain.closedOn }, 'window')
    const policy = {
      version: 'v1',
      window,
      timezone: ownZone ? jobZone : zone,
      attempts: job.attempts,
      caps: [],
      ...times(job),
    }
    const task = {
      organization: 'org_1',
      phone: '+12025550100',
      ...(ownZone ? { timezone: zone } : {}),
      ...(own.attempts === undefined ? {} : { attempts: own.attempts }),
      ...times(own),
      memo: { burned, byOutcome: {}, infrastructure: 0 },
    }
    return { plain, zone, now, policy, task }
  })

/** What may be done at an instant, told anew from the rules' own words and the clock on the wall. */
function judge({ plain, zone, policy, task }: typeof situation extends fc.Arbitrary<infer S> ? S : never, at: number) {
  const expired = [policy, task].some((one) => 'expiresAt' in one && (one.expiresAt ?? 0) <= at)
  const early = [policy, task].some((one) => 'notBefore' in one && (one.notBefore ?? 0) > at)
  const used = task.memo.burned >= (task.attempts ?? policy.attempts)
  const closed = plain !== null && !openByWallClock(plain, zone, at)
  const status = expired || used ? 'ended' : early || closed ? 'blocked' : 'dial'
  return { status, rules: [...(early ? ['not_before'] : []), ...(closed ? ['window'] : [])] }
}

describe('the decision before a dial, in any situation', () => {
  it('is what the rules say, with every rule that blocks', () => {
    fc.assert(
      fc.property(situation, (given) => {
        const decision = decideDial(given.now, given.policy, given.task)
        const expected = judge(given, given.now)
        expect(decision.status).toBe(expected.status)
        if (decision.status === 'blocked') expect(decision.blocking.map(({ rule }) => rule)).toEqual(expected.rules)
        expect(decision.record).toMatchObject({ policy: 'v1', at: given.now })
        expect(Object.values(decision.record.rules).every((verdict) => verdict === 'pass')).toBe(
          decision.status === 'dial',
        )
      }),
      { numRuns: 3_000 },
    )
  })

  it('says `until` when a dial stays allowed, and not a moment longer', () => {
    fc.assert(
      fc.property(situation, fc.double({ min: 0, max: 1, noNaN: true, maxExcluded: true }), (given, fraction) => {
        const decision = decideDial(given.now, given.policy, given.task)
        if (decision.status !== 'dial') return
        expect(decision.until).toBeGreaterThan(given.now)
        const end = Math.min(decision.until, given.now + 60 * DAY)
        const between = given.now + Math.floor((end - given.now) * fraction)
        for (const at of [between, end - 1]) expect(judge(given, at).status).toBe('dial')
        if (decision.until !== Number.POSITIVE_INFINITY) expect(judge(given, decision.until).status).not.toBe('dial')
      }),
      { numRuns: 3_000 },
    )
  })

  it('is asked again at the first instant at which it is not blocked', () => {
    const fractions = fc.array(fc.double({ min: 0, max: 1, noNaN: true, maxExcluded: true }), { maxLength: 50 })
    fc.assert(
      fc.property(situation, fractions, (given, chosen) => {
        const decision = decideDial(given.now, given.policy, given.task)
        if (decision.status !== 'blocked') return
        const { retryAt } = decision
        expect(retryAt).toBeGreaterThan(given.now)
        expect(judge(given, retryAt).status).not.toBe('blocked')
        for (const at of [retryAt - 1, ...chosen.map((f) => given.now + Math.floor((retryAt - given.now) * f))]) {
          expect(judge(given, at).status).toBe('blocked')
        }
      }),
      { numRuns: 3_000 },
    )
  })
})
