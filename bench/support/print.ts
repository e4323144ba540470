import type { Result } from './result.js'

/** A result for people. */
export function print(name: string, { value, goal, better, met, unit, notes }: Result): void {
  const judged =
    goal === null ? '' : `, goal ${better === 'more' ? 'at least' : 'at most'} ${goal}: ${met ? 'met' : 'NOT MET'}`
  console.log(`  ${name}: ${short(value)} ${unit}${judged}`)
  for (const note of notes) console.log(`    ${note}`)
}

/** A number with three digits that matter. */
export function short(value: number): string {
  if (value === 0 || Math.abs(value) >= 1000) return Math.round(value).toLocaleString('en-US')
  return String(Number(value.toPrecision(3)))
}
