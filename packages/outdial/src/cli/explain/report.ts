import type { Coming, DialBlock, ExplainedAttempt, Explanation } from '@outdial/core'
import { table } from '../table.js'
import { fullMoment, printable } from '../wording.js'

/** An explanation, for a terminal. */
export function lines({ task, attempts, standing, at, complete }: Explanation, zone: string): string[] {
  const row = task.row === undefined ? '' : `, row ${task.row}`
  return [
    `${task.phone || 'A contact whose data were removed'} (contact ${task.index}${row}) on ${fullMoment(at, zone)}, by the clocks of ${zone}`,
    ...attempts.flatMap((attempt) => ['', ...attemptLines(attempt)]),
    '',
    printable(standing.detail),
    ...(standing.status === 'waiting' ? waitingLines(standing.blocks, standing.next, standing.allowed, zone) : []),
    ...(complete
      ? []
      : ['', "The campaign's log does not go back to its beginning: some of what was decided is known no more."]),
  ]
}

function attemptLines({ detail, decision, localTime, zone }: ExplainedAttempt): string[] {
  const asked = Object.entries(decision?.rules ?? {}).map(([rule, said]) => `${rule} ${said}`)
  const clocks = localTime === undefined ? [] : [`their clocks showed ${localTime} in ${zone}`]
  const rules =
    decision === undefined ? 'what was decided is known no more' : `by policy ${decision.policy}: ${asked.join(', ')}`
  return [printable(detail), `  ${[...clocks, rules].join('; ')}`]
}

function waitingLines(blocks: readonly DialBlock[], next: Coming, allowed: Coming, zone: string): string[] {
  const cells = blocks.map(({ code, until, detail }) => [
    `  ${code}`,
    until === undefined ? 'until somebody does something' : `until ${fullMoment(until, zone)}`,
    printable(detail),
  ])
  return [
    ...(cells.length > 0 ? ['', ...table(cells)] : []),
    '',
    `  next     ${comingWords(next, zone)}`,
    ...(next.status === 'stuck' && allowed.status !== 'stuck' ? [`  by rules ${comingWords(allowed, zone)}`] : []),
  ]
}

function comingWords(coming: Coming, zone: string): string {
  if (coming.status === 'stuck') return `nobody can say: ${coming.because.detail}`
  const when = fullMoment(coming.at, zone)
  if (coming.status === 'dial') return `may be dialed from ${when} on`
  return `ends as ${coming.ends.state} (${coming.ends.reason}) without a call, ${when}`
}
