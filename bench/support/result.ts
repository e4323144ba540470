/** What a benchmark came to. */
export interface Result {
  /** What is judged; in `unit`. */
  value: number
  /** What it has to reach (`better: 'more'`) or must not exceed (`'less'`). */
  goal: number
  better: 'more' | 'less'
  met: boolean
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
