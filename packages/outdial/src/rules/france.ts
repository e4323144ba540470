import type { RuleSet } from '@outdial/core'

/** France and the overseas departments and territories with numbers of their own in which the Code de la consommation applies. */
const FRANCE = ['+33', '+262', '+508', '+590', '+594', '+596']

const FIRST_YEAR = 2023
const LAST_YEAR = 2045
const DAY = 86_400_000

/**
 * Commercial calls to consumers in France: Monday to Friday from 10:00 to 13:00 and from 14:00 to 20:00 in the consumer's time zone, not on public holidays
 * (Code du travail, L. 3133-1; until 2045), at most four within 30 days, and none within 60 days after a refusal. Décret n° 2022-1313 of
 * 13 October 2022 (Code de la consommation, D. 223-9), in force since 1 March 2023.
 *
 * A refusal is a call reported with the disposition `refused`. Since 11 August 2026 (loi n° 2025-594, article 13) such calls need the consumer's prior
 * consent, which no rule here knows of, and a decree on days, hours and frequency under that law may have replaced these: check before you use it. Holidays of
 * Alsace-Moselle and overseas are not among them. Not legal advice.
 */
export function france(): RuleSet {
  return {
    id: 'fr-demarchage',
    version: '2023-03-01',
    source:
      'Décret n° 2022-1313 (Code de la consommation, D. 223-9): Mon-Fri 10-13 and 14-20, not on public holidays; 4 calls in 30 days; 60 days after a refusal',
    effectiveFrom: '2023-03-01',
    appliesTo: { prefixes: FRANCE },
    window: 'mon-fri 10:00-13:00,14:00-20:00',
    closedOn: Array.from({ length: LAST_YEAR - FIRST_YEAR + 1 }, (_, i) => holidaysOfFrance(FIRST_YEAR + i)).flat(),
    caps: [{ per: 'contact', max: 4, within: '30d' }],
    cooldowns: [{ dispositions: ['refused'], wait: '60d', per: 'contact' }],
  }
}

/** The public holidays of Code du travail, L. 3133-1, in a year: dates `YYYY-MM-DD`, ascending. */
export function holidaysOfFrance(year: number): string[] {
  const easter = easterSunday(year)
  const moving = [1, 39, 50].map((days) => new Date(easter + days * DAY).toISOString().slice(5, 10))
  const fixed = ['01-01', '05-01', '05-08', '07-14', '08-15', '11-01', '11-11', '12-25']
  return [...fixed, ...moving].sort().map((day) => `${year}-${day}`)
}

/** Easter Sunday of the Gregorian calendar, by the rule that Jones, Butcher and Meeus give. */
function easterSunday(year: number): number {
  const golden = year % 19
  const century = Math.floor(year / 100)
  const inCentury = year % 100
  const skipped = Math.floor((century + 8) / 25)
  const moon = Math.floor((century - skipped + 1) / 3)
  const epact = (19 * golden + century - Math.floor(century / 4) - moon + 15) % 30
  const weekday = (32 + 2 * (century % 4) + 2 * Math.floor(inCentury / 4) - epact - (inCentury % 4)) % 7
  const correction = Math.floor((golden + 11 * epact + 22 * weekday) / 451)
  const days = epact + weekday - 7 * correction + 114
  return Date.UTC(year, Math.floor(days / 31) - 1, (days % 31) + 1)
}
