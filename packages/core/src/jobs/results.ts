import { formatInstant } from '../policy/instant.js'
import type { CallTaskSnapshot } from './task-view.js'

/** A cell as spreadsheets would run it: formulas begin with one of these, also behind white space. */
const FORMULA = /^\s*[=+\-@\t\r]/
/** What may begin with `+` or `-` and is no formula: a phone number, a plain number. */
const HARMLESS = /^(\+\d{4,15}|-?\d+(\.\d+)?)$/

/**
 * One CSV cell. What a spreadsheet would take for a formula gets a leading apostrophe; phone numbers keep their `+`.
 * See OWASP, "CSV Injection".
 */
export function csvCell(value: unknown): string {
  const text =
    value === undefined || value === null ? '' : typeof value === 'object' ? JSON.stringify(value) : String(value)
  const safe = FORMULA.test(text) && !HARMLESS.test(text) ? `'${text}` : text
  return /[",\r\n;]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe
}

const COLUMNS = [
  'row',
  'phone',
  'external_id',
  'state',
  'reason',
  'outcome',
  'attempts',
  'first_call_at',
  'last_call_at',
  'answered_at',
  'duration_s',
  'cost',
  'from',
  'carrier_call_id',
] as const

/** Results as CSV text, a line at a time: fixed columns, then one for each variable, in the order in which they appear. */
export async function* csvResults(
  tasks: () => AsyncIterable<CallTaskSnapshot<unknown>>,
): AsyncGenerator<string, void, undefined> {
  const variables = new Set<string>()
  for await (const task of tasks()) for (const name of Object.keys(task.variables as object)) variables.add(name)
  yield line([...COLUMNS, ...variables])
  for await (const task of tasks()) {
    const placed = task.calls.filter((call) => call.placed !== false)
    const last = task.calls.findLast((call) => call.outcome !== undefined)
    const values = task.variables as Readonly<Record<string, unknown>>
    yield line([
      task.row,
      task.phone,
      task.externalId,
      task.state,
      task.reason,
      task.outcome,
      placed.length,
      time(placed[0]?.fencedAt),
      time(placed.at(-1)?.fencedAt),
      time(last?.answeredAt),
      last?.duration === undefined ? undefined : last.duration / 1000,
      sum(placed.map((call) => call.cost)),
      last?.from,
      last?.callId,
      ...[...variables].map((name) => (Object.hasOwn(values, name) ? values[name] : undefined)),
    ])
  }
}

/** Results as JSON Lines: one task a line, its calls with it. */
export async function* jsonlResults(
  tasks: () => AsyncIterable<CallTaskSnapshot<unknown>>,
): AsyncGenerator<string, void, undefined> {
  for await (const task of tasks()) yield `${JSON.stringify(task)}\n`
}

function line(cells: readonly unknown[]): string {
  return `${cells.map(csvCell).join(',')}\r\n`
}

function sum(costs: readonly (number | undefined)[]): number | undefined {
  const known = costs.filter((cost) => cost !== undefined)
  return known.length === 0 ? undefined : known.reduce((total, cost) => total + cost, 0)
}

function time(at: number | undefined): string | undefined {
  return at === undefined ? undefined : formatInstant(at)
}
