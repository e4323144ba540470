import type { IntakeReport, Preflight, PreflightReason } from '@outdial/core'
import type { Screen } from '../screen.js'
import { table } from '../table.js'
import { amount, count, fullMoment, moment } from '../wording.js'
import { ofWords } from './words.js'

const WIDEST = 30
const NARROWEST = 10
const LINES = 24

/** What a preflight says, with a bar for each reason. */
export function report(screen: Screen, told: Preflight, intake: IntakeReport | undefined, zone: string): string[] {
  const { at, from, state, contacts, holds, complete, cost } = told
  const { total, ended, live, looked, dial, deferred, skipped, stuck } = contacts
  const begins =
    from > at ? `from ${fullMoment(from, zone)} on` : state === 'draft' ? 'as soon as it starts' : 'from now on'
  const facts: [string, string][] = [
    ...(intake ? [['rows', rows(intake)] as [string, string]] : []),
    ['taken', `${fullMoment(at, zone)}, by the clocks of ${zone}`],
    ['campaign', holds.map(({ detail }) => detail.replace('the campaign ', '')).join('; ') || `is ${state}`],
    ...(ended + live > 0
      ? [['contacts', `${count(total)}: ${count(ended)} ended, ${count(live)} live`] as [string, string]]
      : []),
  ]
  const sums: [string, number, string][] = [
    ['dialed', dial, begins],
    ['deferred', deferred, 'dialed later'],
    ['skipped', skipped, 'end without a call'],
    ['stuck', stuck, 'wait until somebody does something'],
  ]
  return [
    '',
    ...table(facts.map(([name, text]) => [`  ${name}`, text])),
    '',
    ...table(
      sums.map(([name, number, text]) => [`  ${name}`, count(number), text]),
      { right: [1] },
    ),
    ...(cost ? ['', costLine(cost)] : []),
    ...(complete ? [] : ['', `  Only the first ${count(looked)} of those that wait were looked at.`]),
    ...bars(screen, told, zone),
  ]
}

function rows({ read, accepted, rejectedRows, duplicateRows }: IntakeReport): string {
  return `${count(read)}: ${count(accepted)} accepted, ${count(rejectedRows)} rejected, ${count(duplicateRows)} duplicates`
}

function bars(screen: Screen, { reasons, contacts }: Preflight, zone: string): string[] {
  const [first] = reasons
  if (!first) return []
  const most = Math.max(first.contacts, contacts.dial)
  const room = (Number.isFinite(screen.width) ? screen.width : 110) - 72
  const width = Math.min(WIDEST, Math.max(NARROWEST, room))
  const solid = screen.unicode ? '█' : '#'
  const bar = (number: number) => solid.repeat(Math.max(1, Math.round((number / most) * width))).padEnd(width)
  const shown = reasons.slice(0, LINES)
  const cells = shown.map((reason) => [reason.becomes, reason.code, ofWords(reason), count(reason.contacts)])
  const lines = table(cells, { right: [3] })
  const left = reasons.slice(LINES).reduce((sum, reason) => sum + reason.contacts, 0)
  return [
    '',
    'Why, by contacts',
    ...shown.map((reason, i) => {
      const painted =
        reason.becomes === 'deferred' ? screen.green(bar(reason.contacts)) : screen.dim(bar(reason.contacts))
      return `  ${painted}  ${lines[i]}${when(reason, zone)}`
    }),
    ...(left > 0 ? [`  and ${count(left)} for other reasons`] : []),
  ]
}

/** From nobody answering to everybody talking to the end. */
function costLine({ min, expected, max }: NonNullable<Preflight['cost']>): string {
  return `  Calling them may cost from ${amount(min)} (nobody answers) over ${amount(expected)} (as usual) to ${amount(max)} (every attempt at its longest).`
}

function when({ earliest, latest }: PreflightReason, zone: string): string {
  if (earliest === undefined || latest === undefined) return ''
  const first = moment(earliest, zone)
  return earliest === latest || first === moment(latest, zone) ? `  ${first}` : `  ${first} to ${moment(latest, zone)}`
}
