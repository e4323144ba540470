import { describe, expect, it } from 'vitest'
import { afterCooldown, enlistedByDisposition, enlistedByOutcome } from '../../src/calls/enlistings.js'
import { isSuppressed, refusalReasons } from '../../src/calls/refusals.js'
import type { CallSpec } from '../../src/jobs/spec.js'
import { cooldownsSchema } from '../../src/policy/cooldowns.js'
import { suppressAfterSchema } from '../../src/policy/suppress-after.js'

const NOW = 1_000_000
const HOUR = 3_600_000
const contact = { phone: '+12025550100', variables: {} }
const SPEC = { window: null, timezone: 'UTC', caps: [] }
const job = (spec: Partial<CallSpec> = {}) => ({
  id: 'job_1',
  organization: 'acme',
  spec: { ...SPEC, ...spec } as CallSpec,
})

describe('what a call puts on lists', () => {
  it('is who marked it as unwanted, unless the job says otherwise', () => {
    expect(enlistedByOutcome(job(), contact, 'unwanted', NOW)).toEqual([
      { list: 'suppressed:organization:acme', member: contact.phone, reason: 'unwanted' },
      { list: 'said:organization:acme', member: contact.phone, reason: 'unwanted' },
    ])
    expect(enlistedByOutcome(job(), contact, 'busy', NOW)).toEqual([])
    expect(enlistedByOutcome(job(), contact, undefined, NOW)).toEqual([])
    expect(enlistedByOutcome(job({ suppressAfter: [] }), contact, 'unwanted', NOW)).toEqual([])
    const suppressAfter = suppressAfterSchema.parse(['fax', { outcome: 'rejected', list: 'job' }])
    const lists = (outcome: 'fax' | 'rejected' | 'unwanted') =>
      enlistedByOutcome(job({ suppressAfter }), contact, outcome, NOW).map(({ list }) => list)
    expect(lists('fax')).toEqual(['suppressed:organization:acme', 'said:organization:acme'])
    expect(lists('rejected')).toEqual(['suppressed:job:job_1', 'said:job:job_1'])
    expect(lists('unwanted')).toEqual([])
  })

  it.each([['talked'], [{ outcome: 'fax', list: 'global' }], [{ list: 'job' }]])('refuses %j', (given) => {
    expect(suppressAfterSchema.safeParse([given]).success).toBe(false)
  })

  it('has the contact itself wait as well, and never call earlier for it', () => {
    const cooldowns = cooldownsSchema.parse([{ after: ['busy'], dispositions: ['later'], wait: '1h' }])
    const enlisted = enlistedByOutcome(job({ cooldowns }), contact, 'busy', NOW)
    const retry = { waitUntil: NOW + 5, memo: '{}', reasons: ['outcome_retried'] }
    expect(afterCooldown(retry, enlisted)).toEqual({
      waitUntil: NOW + HOUR,
      memo: '{}',
      reasons: ['outcome_retried', 'cooldown'],
    })
    expect(afterCooldown({ waitUntil: NOW + 2 * HOUR }, enlisted)).toEqual({ waitUntil: NOW + 2 * HOUR })
    const over = { terminal: 'failed', reason: 'busy' } as const
    expect(afterCooldown(over, enlisted)).toBe(over)
    expect(afterCooldown(retry, enlistedByOutcome(job(), contact, 'unwanted', NOW))).toBe(retry)
    expect(enlistedByDisposition(job({ cooldowns }), contact, 'later', NOW)).toMatchObject([{ until: NOW + HOUR }])
    expect(enlistedByDisposition(job({ cooldowns }), contact, 'busy', NOW)).toEqual([])
  })

  it('keeps no longer reasons than a store takes', () => {
    const cooldowns = cooldownsSchema.parse([{ dispositions: ['x'.repeat(200)], wait: '1h' }])
    expect(enlistedByDisposition(job({ cooldowns }), contact, 'x'.repeat(200), NOW)[0]?.reason).toHaveLength(200)
  })
})

describe('a refused fence', () => {
  it('ends who is on a do-not-call list, and has wait who is left alone', () => {
    expect(isSuppressed(['until', 'list:suppressed:everything'])).toBe(true)
    expect(isSuppressed(['list:cooldown:phone:acme', 'list:suppressed:job:j'])).toBe(true)
    expect(isSuppressed(['list:cooldown:phone:acme', 'list_stale:suppressed:everything', 'lane'])).toBe(false)
  })

  it('says why in words', () => {
    const reasons = [
      'lane',
      'list:cooldown:phone:acme',
      'list:cooldown:contact:acme',
      'list_stale:suppressed:everything',
      'cap:phone:3:86400000:acme',
    ]
    expect(refusalReasons(reasons)).toEqual(['window', 'cooldown', 'suppression_stale', 'cap:phone:3:86400000:acme'])
  })
})
