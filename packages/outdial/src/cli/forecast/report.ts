import type { Estimate, Prospect } from '../../forecast/estimates.js'
import { table } from '../table.js'
import { amount, fullMoment } from '../wording.js'

/** What a forecast says, as a table. */
export function figures(
  { beginsAt, endsAt, paused, calls, minutes, cost, contacts }: Prospect,
  zone: string,
  facts: readonly (readonly [string, string])[],
): string[] {
  const numbers: (readonly [string, Estimate])[] = [
    ['calls', calls],
    ['minutes', minutes],
    ...(cost ? [['cost', cost] as const] : []),
    ['reached', contacts.succeeded],
    ['given up', contacts.failed],
    ...(contacts.skipped.high > 0 ? [['left out', contacts.skipped] as const] : []),
    ...(contacts.expired.high > 0 ? [['expired', contacts.expired] as const] : []),
    ...(contacts.open.high > 0 ? [['still open', contacts.open] as const] : []),
  ]
  return [
    '',
    ...table([
      ...facts.map(([name, text]) => [`  ${name}`, text]),
      ['  begins', beginsAt === undefined ? 'never: nobody may be called' : fullMoment(beginsAt, zone)],
      ['  ends', endsAt ? span(endsAt, zone) : (PAUSES[paused ?? ''] ?? 'not within 30 days')],
    ]),
    '',
    ...table(
      [
        ['', 'as assumed', 'from', 'to'],
        ...numbers.map(([name, { low, expected, high }]) => [`  ${name}`, ...[expected, low, high].map(amount)]),
      ],
      { right: [1, 2, 3], gap: 3 },
    ),
    '',
  ]
}

function span({ low, expected, high }: Estimate, zone: string): string {
  const [first, usual, last] = [low, expected, high].map((at) => fullMoment(at, zone)) as [string, string, string]
  return first === last ? usual : `${usual} (${first} to ${last})`
}

/** What ends it before its contacts have. */
const PAUSES: Readonly<Record<string, string>> = { budget_exhausted: 'never: its budget leaves no room for the rest' }
