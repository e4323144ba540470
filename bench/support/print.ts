import { availableParallelism, cpus, loadavg } from 'node:os'
import { digits } from './format.js'
import type { Result } from './result.js'

/** Where it was measured, and how busy it was there: other numbers than ratios mean nothing without. */
export function machine(): string {
  const [load = 0] = loadavg()
  const cpu = `${availableParallelism()} × ${cpus()[0]?.model ?? 'unknown'}`
  return `Node ${process.version}, ${process.platform}-${process.arch}, ${cpu}, load ${digits(load)}`
}

/** Results for people: a table, and under each row what is behind it. */
export function print(results: Readonly<Record<string, Result>>): void {
  const rows = Object.entries(results).map(([name, { value, goal, better, met, unit }]) => [
    name,
    digits(value),
    `${better === 'more' ? '≥' : '≤'} ${digits(goal)}`,
    met ? 'met' : 'NOT MET',
    unit,
  ])
  const table = [['benchmark', 'value', 'goal', '', ''], ...rows]
  const widths = table[0]?.map((_, column) => Math.max(...table.map((row) => (row[column] as string).length))) ?? []
  for (const [index, row] of table.entries()) {
    console.log(
      row
        .map((cell, column) => cell.padEnd(widths[column] as number))
        .join('  ')
        .trimEnd(),
    )
    for (const note of Object.values(results)[index - 1]?.notes ?? []) console.log(`  ${note}`)
  }
}
