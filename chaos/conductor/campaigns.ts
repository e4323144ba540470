import type { HttpSimulatedCarrier } from '@outdial/simulation/process'
import type { CallJob, Engine, RouteRates } from 'outdial'
import type { Prices } from '../judge/evidence.js'
import type { LimitBook } from './limit-book.js'
import { people } from './people.js'

/** A campaign of a scenario. */
export interface Campaign {
  readonly job: CallJob
  /** How many people it was given so far. */
  expected: number
  /** Their numbers. */
  readonly phones: string[]
}

/** What may be otherwise about the campaigns of a scenario. */
export interface CampaignOptions {
  /** Both have the same people, each a half of all contacts. */
  readonly samePeople?: boolean
  /** The first calls of the large one are spread over so many seconds at least, so that it is under way while there is trouble. */
  readonly lasts?: number
  /** Both may call one person so often … */
  readonly calls?: number
  /** … within so many milliseconds. */
  readonly within?: number
  /** Whoever has answered is left alone for so many milliseconds, by a cool-down that is set later. */
  readonly rest?: number
  /** What calls cost; what they may be spent on is set later. */
  readonly prices?: Prices
}

/** What the engine is told about the cost of calls. */
export function ratesOf(prices: Prices | undefined): { rates?: RouteRates } {
  // Every call is shorter than a minute, and is charged for one.
  return prices === undefined ? {} : { rates: { sim: { default: { perMinute: prices.worst, billing: '60/60' } } } }
}

/** Outcomes after which the campaigns call again. */
export const RETRIED = ['busy'] as const
/** What all campaigns together may do. */
const TOGETHER = { concurrency: 50, cps: 90, burst: 5 }
const REMINDERS = { concurrency: 40 }
/** So slow that the small campaign is under way for as long as there is trouble. */
const SURVEY_LASTS = 25

const COMMON = {
  carrier: 'sim',
  from: '+12025550100',
  attempts: 3,
  retry: { busy: ['1s', '1s'] },
  ringTimeout: '1 s',
  maxDuration: '2 s',
  start: 'now',
} as const

/** Two campaigns under limits of their own and a common one: a large one bounded by live calls, a small one by pace. */
export async function createCampaigns(
  engine: Engine<{ sim: HttpSimulatedCarrier }>,
  book: LimitBook,
  count: number,
  { samePeople = false, lasts, calls, within, rest, prices }: CampaignOptions = {},
): Promise<{ reminders: Campaign; survey: Campaign }> {
  await engine.setLimits({ everything: true }, TOGETHER)
  book.note('all', TOGETHER)
  const small = Math.round(count / (samePeople ? 2 : 6))
  const first = samePeople ? 0 : count - small
  const caps = calls === undefined || within === undefined ? [] : [{ per: 'phone', max: calls, within } as const]
  const counted = {
    ...(calls !== undefined && { calls }),
    ...(within !== undefined && { within }),
    ...(rest !== undefined && { rest }),
    ...(prices !== undefined && { money: Number.POSITIVE_INFINITY }),
  }
  const paced = { cps: Math.max(2, small / SURVEY_LASTS) }
  const large = { ...REMINDERS, ...(lasts !== undefined && { cps: (count - small) / lasts }) }
  const reminders = await engine.calls.create({
    ...COMMON,
    ...large,
    caps,
    name: 'Reminders',
    contacts: people(count - small),
    // It is added to, and everybody waits until all of it is over.
    keepOpen: true,
  })
  book.note(reminders.id, { ...large, ...counted })
  const survey = await engine.calls.create({
    ...COMMON,
    ...paced,
    caps,
    name: 'Survey',
    contacts: people(small, first),
  })
  book.note(survey.id, { ...paced, ...counted })
  const campaign = (job: CallJob, from: number, expected: number): Campaign => {
    return { job, expected, phones: people(expected, from).map(({ phone }) => phone) }
  }
  return { reminders: campaign(reminders, 0, count - small), survey: campaign(survey, first, small) }
}
