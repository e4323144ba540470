import type { Estimate, Prospect } from '../../forecast/estimates.js'
import { table } from '../table.js'
import { count, fullMoment } from '../wording.js'

/** What a forecast says, as a table. */
export function figures(
  { beginsAt, endsAt, calls, minutes, cost, contacts }: Prospect,
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
      ['  ends', endsAt ? span(endsAt, zone) : 'not within 30 days'],
    ]),
    '',
    ...table(
      [
        ['', 'as assumed', 'from', 'to'],
        ...numbers.map(([name, { low, expected, high }]) => [`  ${name}`, ...[expected, low, high].map(number)]),
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

function number(value: number): string {
  // A sum of money that is small is told to the hundredth.
  return value < 100 && !Number.isInteger(value) ? value.toFixed(2) : count(Math.round(value))
}
