/** What a benchmark came to. */
export interface Result {
  /** What was asked for; in `unit`. */
  value: number
  /** What it has to reach or stay below; `null` where there is no goal and the value is only for comparing. */
  goal: number | null
  /** Whether more is better or less. */
  better: 'more' | 'less'
  met: boolean | null
  unit: string
  /** Everything that was measured, and the settings. */
  details: Readonly<Record<string, unknown>>
  /** The same for people: a line each. */
  notes: readonly string[]
}

type Judged = Omit<Result, 'goal' | 'better' | 'met'>

export function atLeast(goal: number, result: Judged): Result {
  return { ...result, goal, better: 'more', met: result.value >= goal }
}

export function atMost(goal: number, result: Judged): Result {
  return { ...result, goal, better: 'less', met: result.value <= goal }
}
