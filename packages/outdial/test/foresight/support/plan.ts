import fc from 'fast-check'
import type { CallJobOptions } from 'outdial'
import { HOUR, phone } from '../../engine/support/bench.js'

/** A small campaign in a small world. */
export interface Plan {
  /** Hours after Monday, 4 January 2027, midnight in UTC. */
  startsAt: number
  window: string | undefined
  attempts: number
  /** Calls to a number, and to an external id, that are allowed within a day. */
  caps: { phone?: number; externalId?: number }
  expiresIn: number | undefined
  contacts: readonly PlannedContact[]
}

export interface PlannedContact {
  timezone: string | undefined
  /** Hours from the start. */
  notBefore: number | undefined
  /** Several contacts may be the same person. */
  person: number
  /** On this list, for so many hours, or for good. */
  listed: { list: 'everything' | 'organization'; hours: number | undefined } | undefined
  /** Called by another campaign an hour before, so often. */
  calledBefore: number
}

const sometimes = <T>(arbitrary: fc.Arbitrary<T>): fc.Arbitrary<T | undefined> =>
  fc.option(arbitrary, { nil: undefined, freq: 1 })

const contact: fc.Arbitrary<PlannedContact> = fc.record({
  timezone: sometimes(fc.constantFrom('America/New_York', 'Asia/Tokyo', 'Europe/Paris')),
  notBefore: sometimes(fc.integer({ min: 0, max: 60 })),
  person: fc.integer({ min: 0, max: 5 }),
  listed: sometimes(
    fc.record({
      list: fc.constantFrom('everything' as const, 'organization' as const),
      hours: sometimes(fc.integer({ min: 1, max: 80 })),
    }),
  ),
  calledBefore: fc.constantFrom(0, 0, 0, 1, 2),
})

export const planArbitrary: fc.Arbitrary<Plan> = fc.record({
  startsAt: fc.integer({ min: 2, max: 6 * 24 }),
  window: sometimes(fc.constantFrom('09:00-17:00', 'mon-fri 10:00-12:00, 14:00-15:00', 'sat 10:00-16:00')),
  attempts: fc.integer({ min: 1, max: 3 }),
  caps: fc.record(
    { phone: fc.integer({ min: 1, max: 3 }), externalId: fc.integer({ min: 1, max: 3 }) },
    { requiredKeys: [] },
  ),
  expiresIn: sometimes(fc.integer({ min: 1, max: 100 })),
  contacts: fc.array(contact, { minLength: 1, maxLength: 12 }),
})

export const MONDAY: number = Date.UTC(2027, 0, 4)

/** The options of a planned campaign, for a draft that is made at `now`. */
export function optionsOf(plan: Plan, now: number): Partial<CallJobOptions> {
  const { phone: perPhone, externalId } = plan.caps
  return {
    start: 'draft',
    timezone: 'America/Chicago',
    attempts: plan.attempts,
    ...(plan.window !== undefined && { window: plan.window }),
    ...(plan.expiresIn !== undefined && { expires: now + plan.expiresIn * HOUR }),
    caps: [
      ...(perPhone === undefined ? [] : [{ per: 'phone' as const, max: perPhone, within: '1d' }]),
      ...(externalId === undefined ? [] : [{ per: 'externalId' as const, max: externalId, within: '1d' }]),
    ],
    contacts: plan.contacts.map(({ timezone, notBefore, person }, i) => ({
      phone: phone(i),
      externalId: `person ${person}`,
      ...(timezone !== undefined && { timezone }),
      ...(notBefore !== undefined && { notBefore: new Date(now + notBefore * HOUR).toISOString() }),
    })),
  }
}
