import type { IntakeReport, JobSnapshot } from '@outdial/core'
import type { PolicyWish } from '../campaign/policy.js'
import { amount, count, counted, fullMoment, lengthOfTime, printable } from '../wording.js'
import type { RunOptions } from './options.js'
import type { ResultsFile } from './results-file.js'
import type { Summary } from './summary.js'

/** What is about to happen, before it does. */
export function introduction(options: RunOptions, policy: PolicyWish, version: string, now: number): string[] {
  const { file, from, concurrency, attempts, cps, window, timezone, seed } = options
  const limits = [
    `up to ${counted(concurrency, 'call')} at once`,
    ...(cps === undefined ? [] : [`${cps} new a second`]),
    `${counted(attempts, 'attempt')} each`,
    ...(window === undefined
      ? []
      : [`${hoursWords(window)} by the contact's clock (${timezone} where neither contact nor number tells)`]),
    ...rulesWords(policy),
    ...budgetWords(policy),
    `seed ${printable(String(seed))}`,
  ]
  return [
    `Outdial ${version}: ${printable(file)} from ${[from].flat().join(', ')}. Calls are simulated: no one is called.`,
    `${limits.join(', ')}; ${pace(options, now)}.`,
  ].map((line) => line.replace(/^[a-z]/, (letter) => letter.toUpperCase()))
}

function hoursWords(window: NonNullable<RunOptions['window']>): string {
  return typeof window === 'string' ? window : 'its own hours'
}

function rulesWords({ options: { rules = [] } }: PolicyWish): string[] {
  return rules.length === 0 ? [] : [`rules ${rules.map(({ id }) => printable(id)).join(', ')}`]
}

function budgetWords({ budget: { total, perDay } = {} }: PolicyWish): string[] {
  return [
    ...(typeof total === 'number' ? [`a budget of ${count(total)}`] : []),
    ...(typeof perDay === 'number' ? [`a budget of ${count(perDay)} a day`] : []),
  ]
}

/** What was spent, and that this has ended the campaign before its contacts had. */
export function spentLines(
  { calls }: Summary,
  { budget }: PolicyWish,
  { state, reason, tasks }: JobSnapshot,
): string[] {
  if (calls.cost === undefined) return []
  const of = typeof budget?.total === 'number' ? ` of a budget of ${count(budget.total)}` : ''
  const spent = `Spent ${amount(calls.cost)}${of}.`
  if (state !== 'paused' || reason !== 'budget_exhausted') return ['', spent]
  return [
    '',
    `${spent} No call more is sure to fit: ${counted(tasks.open, 'contact')} are left, and the campaign is paused.`,
  ]
}

function pace({ speed, timezone }: RunOptions, now: number): string {
  if (speed === undefined) return 'in real time (--speed 60 or --speed max is quicker)'
  const fast = speed === Number.POSITIVE_INFINITY ? 'as fast as it can' : `${count(speed)} times as fast as real time`
  return `simulated time from ${fullMoment(now, timezone)} ${timezone}, ${fast}`
}

export function rowsLine({ read, accepted, rejectedRows, duplicateRows }: IntakeReport): string {
  return `${counted(read, 'row')} read: ${count(accepted)} accepted, ${count(rejectedRows)} rejected, ${counted(duplicateRows, 'duplicate')}.`
}

/** Of a campaign that was there before. */
export function goesOn({ state, tasks }: JobSnapshot): string {
  const ended = `${count(tasks.total - tasks.open)} of ${counted(tasks.total, 'contact')} have ended`
  return tasks.open === 0
    ? `This campaign is ${state}: ${ended}. Nobody is called again; another folder makes a new one.`
    : `Goes on where it was left: ${ended}.`
}

/** After an interruption: nothing that is open is forgotten to be said. */
export function howItStands({ tasks }: JobSnapshot, retrying: number, folder?: string): string[] {
  const ended = tasks.total - tasks.open
  const again = retrying === 0 ? '' : `, ${count(retrying)} of them to be called again`
  return [
    '',
    `Interrupted: ${count(ended)} of ${counted(tasks.total, 'contact')} have ended, ${count(tasks.open)} are open${again}.`,
    ...(tasks.open === 0 ? [] : [whatIsKept(folder)]),
  ]
}

function whatIsKept(folder: string | undefined): string {
  return folder === undefined
    ? 'The run was kept in memory, which forgets: a new run begins from the start.'
    : `The run is kept in ${printable(folder)}: the same command goes on with it.`
}

/** Where the results are, and how long it took. */
export function endLines(
  results: ResultsFile,
  { tasks }: Summary,
  took: { real: number; simulated: number | undefined },
): string[] {
  const simulated = took.simulated === undefined ? '' : `, for ${lengthOfTime(took.simulated)} of simulated time`
  return [
    '',
    `Results: ${printable(results.path)}, ${counted(tasks.total, 'contact')}.`,
    `Took ${lengthOfTime(took.real)}${simulated}.`,
  ]
}
