import { basename } from 'node:path'
import { DEFAULT_OUTCOMES, type OutcomeMix, type Range } from '@outdial/simulation'
import type { Assumptions } from '../../forecast/assumptions.js'
import type { ForecastOptions } from '../../forecast/forecast.js'
import type { JobForecastOptions } from '../../forecast/forecast-job.js'
import type { Arguments } from '../args.js'
import { BadInput } from '../exit.js'
import { callingWindow, callsPerSecond, decimal, refuse, region, wholeNumber, zone } from '../flag-values.js'
import { contactRows } from '../run/source.js'
import { DEFAULTS, FILE_ONLY } from './flags.js'

/** What to look ahead for, and how to say it. */
export type ForecastWish = { readonly json: boolean } & (
  | { readonly file: string; readonly options: ForecastOptions; readonly timezone: string }
  | { readonly job: string | undefined; readonly storage: string | undefined; readonly options: JobForecastOptions }
)

/** Whoever has no number yet can look ahead, too: it is reserved for fiction. */
export const SOMEBODY = '+12025550100'

/** Reads and checks the flags of `outdial forecast`. Throws `BadInput` naming the flag. */
export function forecastWish({ positionals, flags }: Arguments): ForecastWish {
  const hint = 'See: outdial forecast --help'
  const [file, more] = positionals
  const kept = flags.has('job') || flags.has('storage')
  if (kept && file !== undefined) throw new BadInput('forecast takes a FILE, or --job and --storage, not both', hint)
  if (kept) return ofJob(flags)
  if (flags.has('sample')) throw new BadInput('--sample is for a campaign that is kept: --job and --storage', hint)
  if (file === undefined || file === '') throw new BadInput('forecast needs a FILE of contacts', hint)
  if (more !== undefined) throw new BadInput(`forecast takes one FILE; there are ${file} and ${more}`, hint)
  const given = reader(flags)
  const timezone = given('timezone', zone) ?? DEFAULTS.timezone
  return {
    file: basename(file),
    timezone,
    json: flags.has('json'),
    options: {
      from: SOMEBODY,
      contacts: contactRows(file),
      timezone,
      concurrency: given('concurrency', wholeNumber(1_000_000)) ?? DEFAULTS.concurrency,
      attempts: given('attempts', wholeNumber(1000)) ?? DEFAULTS.attempts,
      cps: given('cps', callsPerSecond),
      window: given('window', callingWindow),
      defaultRegion: given('region', region),
      start: given('start', (text) => text),
      assume: { outcomes: outcomes(DEFAULTS.answered), ...assumptions(flags) },
    },
  }
}

/** A campaign that is kept says all but what people do. */
function ofJob(flags: Flags): ForecastWish {
  const other = FILE_ONLY.find((name) => flags.has(name))
  if (other !== undefined) throw new BadInput(`--${other} is for a FILE; a campaign that is kept says it itself`)
  const sample = reader(flags)('sample', wholeNumber(10_000_000))
  return {
    job: flags.get('job'),
    storage: flags.get('storage'),
    json: flags.has('json'),
    options: { assume: assumptions(flags), ...(sample !== undefined && { sample }) },
  }
}

/** What the flags say of people and prices. */
function assumptions(flags: Flags): Assumptions {
  const given = reader(flags)
  const answered = given('answered', share)
  const talk = given('talk', seconds)
  const costPerMinute = given('price', price)
  return {
    ...(answered !== undefined && { outcomes: outcomes(answered) }),
    ...(talk && { talk }),
    ...(costPerMinute !== undefined && { costPerMinute }),
  }
}

type Flags = Arguments['flags']

function reader(flags: Flags) {
  return <T>(name: string, read: (text: string, flag: string) => T): T | undefined => {
    const text = flags.get(name)
    return text === undefined ? undefined : read(text, `--${name}`)
  }
}

/** The usual mix, with so many answered and the others in proportion. */
function outcomes(answered: number): OutcomeMix {
  const { answered: _, ...others } = DEFAULT_OUTCOMES
  const sum = Object.values(others).reduce((all, weight) => all + weight, 0)
  const scaled = Object.entries(others).map(([name, weight]) => [name, (weight / sum) * (1 - answered)])
  return { answered, ...Object.fromEntries(scaled) }
}

function share(text: string, flag: string): number {
  const number = decimal(text)
  return number >= 0 && number <= 1 ? number : refuse(flag, `'${text}' is not a share from 0 to 1, such as 0.3`)
}

function price(text: string, flag: string): number {
  const number = decimal(text)
  return Number.isFinite(number) ? number : refuse(flag, `'${text}' is not a number`)
}

function seconds(text: string, flag: string): Range {
  const [least = Number.NaN, most = least] = text.split('-').map((part) => decimal(part) * 1000)
  return most >= least && Number.isFinite(most) && text.split('-').length <= 2
    ? [least, most]
    : refuse(flag, `'${text}' is neither a number of seconds nor two of them, such as 30-120`)
}
