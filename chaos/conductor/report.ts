import type { Verdict } from '../judge/judge.js'
import type { Result } from './run-all.js'

/** The numbers of a run, as they are printed for programs. */
function row({ name, tasks, faults, verdict }: Result) {
  const { lost, duplicate, unknown, limit } = verdict
  return {
    name,
    tasks,
    faults,
    lost: lost.length,
    duplicates: duplicate.length,
    unknown: unknown.length,
    limitExceeded: limit.length,
    /** Started late or after a stop, counters that disagree, gaps in the log. */
    other: others(verdict),
  }
}

function others({ policy, counters, events }: Verdict): number {
  return policy.length + counters.length + events.length
}

/** One line for programs. */
export function jsonOf(results: readonly Result[]): string {
  return JSON.stringify({ scenarios: results.map(row) })
}

/** A table for people. */
export function printTable(results: readonly Result[]): void {
  const header = ['scenario', 'tasks', 'faults', 'lost', 'twice', 'unknown', 'limits', 'other', 'seconds', '']
  const rows = results.map((result) => {
    const { name, ...numbers } = row(result)
    return [name, ...Object.values(numbers).map(String), String(result.seconds), result.passed ? 'ok' : 'FAILED']
  })
  const widths = header.map((_, column) => Math.max(...[header, ...rows].map((cells) => (cells[column] ?? '').length)))
  for (const cells of [header, ...rows]) {
    const padded = cells.map((cell, i) => (i === 0 ? cell.padEnd(widths[i] ?? 0) : cell.padStart(widths[i] ?? 0)))
    console.log(padded.join('  ').trimEnd())
  }
}
