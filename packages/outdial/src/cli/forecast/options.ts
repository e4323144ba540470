import { basename } from 'node:path'
import { numbersFile } from '@outdial/contacts/node'
import type { RateSheet } from '@outdial/core'
import { DEFAULT_OUTCOMES, type OutcomeMix, type Range } from '@outdial/simulation'
import type { Assumptions } from '../../forecast/assumptions.js'
import type { ForecastOptions } from '../../forecast/forecast.js'
import type { JobForecastOptions } from '../../forecast/forecast-job.js'
import type { Arguments } from '../args.js'
import { type PolicyWish, policyWish, ratesOf } from '../campaign/policy.js'
import { defined } from '../defined.js'
import { BadInput } from '../exit.js'
import { callingWindow, callsPerSecond, decimal, refuse, region, wholeNumber, zone } from '../flag-values.js'
import { asBadInput, contactRows } from '../run/source.js'
import { DEFAULTS, FILE_ONLY } from './flags.js'

/** What to look ahead for, and how to say it. */
export type ForecastWish = { readonly json: boolean } & (
  | {
      readonly file: string
      readonly options: ForecastOptions
      readonly timezone: string
      readonly saidBy: PolicyWish['saidBy']
    }
  | {
      readonly job: string | undefined
      readonly storage: string | undefined
      readonly options: JobForecastOptions
      readonly rates: RateSheet | undefined
    }
)

/** Whoever has no number yet can look ahead, too: it is reserved for fiction. */
export const SOMEBODY = '+12025550100'

/** Reads and checks the flags of `outdial forecast`. Throws `BadInput` naming the flag. */
export async function forecastWish({ positionals, flags }: Arguments): Promise<ForecastWish> {
  const hint = 'See: outdial forecast --help'
  const [file, more] = positionals
  const kept = flags.has('job') || flags.has('storage')
  if (kept && file !== undefined) throw new BadInput('forecast takes a FILE, or --job and --storage, not both', hint)
  if (kept) return ofJob(flags)
  if (flags.has('sample')) throw new BadInput('--sample is for a campaign that is kept: --job and --storage', hint)
  if (file === undefined || file === '') throw new BadInput('forecast needs a FILE of contacts', hint)
  if (more !== undefined) throw new BadInput(`forecast takes one FILE; there are ${file} and ${more}`, hint)
  const given = reader(flags)
  const home = given('region', region)
  const flagged = {
    timezone: given('timezone', zone),
    concurrency: given('concurrency', wholeNumber(1_000_000)),
    attempts: given('attempts', wholeNumber(1000)),
    cps: given('cps', callsPerSecond),
    window: given('window', callingWindow),
    defaultRegion: home,
  }
  const { costPerMinute, ...people } = assumptions(flags)
  const { options: said, saidBy, rates, budget, suppress } = await policyWish(flags)
  const options = { ...DEFAULT_OPTIONS, ...said, ...defined(flagged) }
  return {
    file: basename(file),
    timezone: options.timezone ?? DEFAULTS.timezone,
    saidBy,
    json: flags.has('json'),
    options: {
      ...options,
      from: SOMEBODY,
      contacts: contactRows(file),
      start: given('start', (text) => text),
      ...(suppress !== undefined && { suppress: await numbersIn(suppress, home) }),
      ...(budget && { budget }),
      // Without a budget the price alone says as much, and costs nothing to reckon.
      ...(rates && (budget || costPerMinute === undefined) && { rates }),
      assume: {
        outcomes: outcomes(DEFAULTS.answered),
        ...people,
        ...(costPerMinute !== undefined && { costPerMinute }),
      },
    },
  }
}

const DEFAULT_OPTIONS = {
  concurrency: DEFAULTS.concurrency,
  attempts: DEFAULTS.attempts,
  timezone: DEFAULTS.timezone,
}

/** A campaign that is kept says all but what people do. */
async function ofJob(flags: Flags): Promise<ForecastWish> {
  const other = FILE_ONLY.find((name) => flags.has(name))
  if (other !== undefined) throw new BadInput(`--${other} is for a FILE; a campaign that is kept says it itself`)
  const sample = reader(flags)('sample', wholeNumber(10_000_000))
  return {
    // A price alone is an assumption; rates are those that its budget is reckoned with.
    rates: flags.has('rates') ? await ratesOf(flags) : undefined,
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

/** Read before anything is run, so that what is wrong with it is told of it. */
async function numbersIn(file: string, home: string | undefined): Promise<string[]> {
  const all: string[] = []
  try {
    for await (const some of numbersFile(file, home === undefined ? {} : { defaultRegion: home })) all.push(...some)
  } catch (error) {
    throw asBadInput(error, file)
  }
  return all
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
