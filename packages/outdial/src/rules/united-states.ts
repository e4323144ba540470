import type { RuleSet } from '@outdial/core'

// What these rules say was read on the dates of this file's history. They are a start for whoever has to know the law, not advice about it: whether
// a campaign falls under a rule, and what else it falls under, only a lawyer can say.

/** +1 is shared with Canada and the Caribbean; there, these hours count too. */
const NORTH_AMERICA = ['+1']

/** Area codes of Florida, overlays included, by NANPA's assignments as of 2026. */
export const FLORIDA_AREA_CODES: readonly string[] = [
  '239',
  '305',
  '321',
  '324',
  '352',
  '386',
  '407',
  '448',
  '561',
  '645',
  '656',
  '689',
  '727',
  '728',
  '754',
  '772',
  '786',
  '813',
  '850',
  '863',
  '904',
  '941',
  '954',
]

/** Area codes of Oklahoma likewise. */
export const OKLAHOMA_AREA_CODES: readonly string[] = ['405', '539', '572', '580', '918']

/**
 * Telephone solicitations in the United States: from 8:00 to 21:00 at the called party's location. 47 CFR 64.1200(c)(1); the FTC's
 * 16 CFR 310.4(c) says the same of telemarketing.
 *
 * Not a part of it: consent, the do-not-call registries, abandoned calls, what a recorded or artificial voice needs. Not legal advice.
 */
export function unitedStates(): RuleSet {
  return {
    id: 'us-federal-hours',
    version: '2003-10-01',
    source:
      '47 CFR 64.1200(c)(1) and 16 CFR 310.4(c): no telephone solicitation before 8 a.m. or after 9 p.m., local time at the called party’s location',
    effectiveFrom: '2003-10-01',
    appliesTo: { prefixes: NORTH_AMERICA },
    window: '08:00-21:00',
  }
}

/**
 * Commercial telephone solicitations in Florida: from 8:00 to 20:00 in the called person's time zone, and at most three calls in 24 hours to a person on
 * the same subject matter, whatever number is used to make them. Fla. Stat. 501.616(6), as changed by ch. 2021-185, in force since 1 July 2021.
 *
 * For numbers with an area code of Florida, which the law presumes to be there (501.059(8)(d)). The west of the state has Central Time. What the subject is, the
 * job's `identify.subject` says: without it all calls to a person are about the same. Not legal advice.
 */
export function florida(): RuleSet {
  return {
    id: 'us-florida-solicitation',
    version: '2021-07-01',
    source:
      'Fla. Stat. 501.616(6) (2021): 8 a.m. to 8 p.m. in the called person’s time zone; at most 3 calls in 24 hours on the same subject matter or issue',
    effectiveFrom: '2021-07-01',
    appliesTo: { prefixes: FLORIDA_AREA_CODES.map((code) => `+1${code}`) },
    window: '08:00-20:00',
    caps: [{ per: 'subject', max: 3, within: '24h' }],
  }
}

/**
 * Commercial telephone solicitations in Oklahoma: the same hours and the same three calls in 24 hours. Telephone Solicitation Act of 2022, 15 O.S. 775C.1 to
 * 775C.6, in force since 1 November 2022. For numbers with an area code of Oklahoma. Not legal advice.
 */
export function oklahoma(): RuleSet {
  return {
    id: 'us-oklahoma-solicitation',
    version: '2022-11-01',
    source:
      '15 O.S. 775C (Telephone Solicitation Act of 2022): 8 a.m. to 8 p.m. in the called person’s time zone; at most 3 calls in 24 hours on the same subject matter',
    effectiveFrom: '2022-11-01',
    appliesTo: { prefixes: OKLAHOMA_AREA_CODES.map((code) => `+1${code}`) },
    window: '08:00-20:00',
    caps: [{ per: 'subject', max: 3, within: '24h' }],
  }
}

/**
 * Calls of debt collectors in the United States: at most seven within seven days about a particular debt, none within seven days after a conversation about
 * it, and from 8:00 to 21:00 at the consumer's location. Regulation F, 12 CFR 1006.14(b)(2) and 1006.6(b)(1), in force since 30 November 2021.
 *
 * The regulation makes these numbers a presumption, not a limit. A conversation is what ends as `answered`, or is reported with the disposition
 * `conversation`. Which debt it is, the job's `identify.subject` has to say. For all of +1. Not legal advice.
 */
export function regulationF(): RuleSet {
  return {
    id: 'us-regulation-f',
    version: '2021-11-30',
    source:
      '12 CFR 1006.14(b)(2)(i): at most 7 calls within 7 consecutive days about a debt, and none within 7 days after a conversation; 1006.6(b)(1): 8 a.m. to 9 p.m.',
    effectiveFrom: '2021-11-30',
    appliesTo: { prefixes: NORTH_AMERICA },
    window: '08:00-21:00',
    caps: [{ per: 'subject', max: 7, within: '7d' }],
    cooldowns: [{ after: ['answered'], dispositions: ['conversation'], wait: '7d', per: 'subject' }],
  }
}
