import { type JobSnapshot, TERMINALS } from '@outdial/core'
import type { Screen } from '../screen.js'
import { table, wrapped } from '../table.js'
import { count, counted } from '../wording.js'
import type { LeftOut } from './rows.js'
import type { Summary } from './summary.js'

/** Why contacts ended as they did, where the reason's name does not say it. */
const MEANINGS: Readonly<Record<string, string>> = {
  outcome_not_retried: 'voicemail, rejected and the like: not called again',
  attempts_exhausted: 'as many calls as --attempts allows',
  retries_for_outcome_exhausted: 'as many retries as its outcome has',
  invalid_number: 'there is no such number: not called again',
  infrastructure: 'the network failed too often',
  outcome_unknown: 'nobody can say what came of the call: not called again',
}

/** Rows that are not called, by why. */
export function leftOutTable(screen: Screen, reasons: readonly LeftOut[]): string[] {
  if (reasons.length === 0) return []
  const rows = reasons.map(({ code, rows, example }) => [code, count(rows), example])
  return titled(screen, ['Rows left out', 'rows', 'for example'], rows, [1])
}

/** Calls, by what came of them. */
export function outcomeTable(screen: Screen, { calls }: Summary, { begun, live }: JobSnapshot['calls']): string[] {
  const rows = descending(Object.entries(calls.byOutcome)).map(([outcome, number]) => [
    outcome,
    count(number),
    `${((number / calls.placed) * 100).toFixed(1)} %`,
  ])
  const refused = begun - live - calls.placed
  return [
    ...titled(screen, ['Calls', 'placed', 'share'], [...rows, ['all', count(calls.placed), '']], [1, 2]),
    `At most ${counted(calls.maxPerTask, 'call')} to one contact.`,
    ...(refused === 0 ? [] : wrapped(turnedAway(refused), screen.width)),
  ]
}

function turnedAway(tries: number): string {
  const [were, they] = tries === 1 ? ['try was', 'it uses'] : ['tries were', 'they use']
  return `${count(tries)} more ${were} turned away by the carrier, never placed; ${they} up no attempt.`
}

/** Contacts, by how they ended; what is open comes last. */
export function contactTable(screen: Screen, { tasks, reasons }: JobSnapshot): string[] {
  const ended = TERMINALS.flatMap((state) =>
    descending(Object.entries(reasons).filter(([key]) => key.startsWith(`${state}/`))).map(([key, number]) => {
      const reason = key.slice(state.length + 1)
      return [state, count(number), reason, MEANINGS[reason] ?? '']
    }),
  )
  const open = [
    ['open', tasks.waiting, 'waiting'],
    ['open', tasks.active, 'in a call'],
    ['open', tasks.unknown, 'unknown'],
  ] as const
  const rest = open.filter(([, number]) => number > 0).map(([state, number, why]) => [state, count(number), why])
  return titled(screen, ['Contacts', 'number', 'why'], [...ended, ...rest, ['all', count(tasks.total)]], [1])
}

function descending(entries: readonly (readonly [string, number])[]): (readonly [string, number])[] {
  return [...entries].sort(([a, many], [b, more]) => more - many || (a < b ? -1 : 1))
}

/** A table under a heading, between blank lines. */
function titled(screen: Screen, header: string[], rows: readonly (readonly string[])[], right: number[]): string[] {
  const indented = rows.map(([first, ...others]) => [`  ${first}`, ...others])
  const [heading = '', ...lines] = table([header, ...indented], { right, gap: 3, width: screen.width })
  return ['', screen.bold(heading), ...lines]
}
