import { availableParallelism, cpus, loadavg } from 'node:os'
import { digits } from './format.js'
import type { Judgement, Result } from './result.js'

/** Where it was measured, and how busy it was there: other numbers than ratios mean nothing without. */
export function machine(): string {
  const [load = 0] = loadavg()
  const cpu = `${availableParallelism()} × ${cpus()[0]?.model ?? 'unknown'}`
  return `Node ${process.version}, ${process.platform}-${process.arch}, ${cpu}, load ${digits(load)}`
}

/** Results for people: a table, and under each row what is behind it. */
export function print(results: Readonly<Record<string, Result>>): void {
  const groups = Object.entries(results).map(([name, result]) => {
    const { parts = { '': result }, unit, notes } = result
    return {
      rows: Object.entries(parts).map(([part, judged], i) => [
        `${name} ${part}`,
        ...judgement(judged),
        i > 0 ? '' : unit,
      ]),
      notes,
    }
  })
  const header = ['benchmark', 'value', 'goal', '', '']
  const table = [header, ...groups.flatMap(({ rows }) => rows)]
  const widths = header.map((_, column) => Math.max(...table.map((row) => (row[column] as string).length)))
  const line = (row: readonly string[]) =>
    row
      .map((cell, column) => cell.padEnd(widths[column] as number))
      .join('  ')
      .trimEnd()
  console.log(line(header))
  for (const { rows, notes } of groups) {
    for (const row of rows) console.log(line(row))
    for (const note of notes) console.log(`  ${note}`)
  }
}

function judgement({ value, goal, better, met }: Judgement): string[] {
  return [digits(value), `${better === 'more' ? '≥' : '≤'} ${digits(goal)}`, met ? 'met' : 'NOT MET']
}
