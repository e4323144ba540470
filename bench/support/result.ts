/** What a benchmark came to. */
export interface Result extends Judgement {
  unit: string
  /** The same at several settings, when they have goals of their own: then `value` and `goal` are those of the worst. */
  parts?: Readonly<Record<string, Judgement>>
  /** Everything that was measured, and the settings. */
  details: Readonly<Record<string, unknown>>
  /** The same for people: a line each. */
  notes: readonly string[]
}

/** Results of a benchmark that has several, by name. */
export type Results = Readonly<Record<string, Result>>

/** A number, and whether it is good enough. */
export interface Judgement {
  /** What is judged; in the result's `unit`. */
  value: number
  /** What it has to reach (`better: 'more'`) or must not exceed (`'less'`). */
  goal: number
  better: 'more' | 'less'
  met: boolean
}

type Judged = Omit<Result, 'goal' | 'better' | 'met' | 'parts'>

export function atLeast(goal: number, result: Judged): Result {
  return { ...result, ...judge('more', goal, result.value) }
}

export function atMost(goal: number, result: Judged): Result {
  return { ...result, ...judge('less', goal, result.value) }
}

/** One number a setting, each with its goal. */
export function allOf(
  better: 'more' | 'less',
  values: Readonly<Record<string, { value: number; goal: number }>>,
  result: Omit<Judged, 'value'>,
): Result {
  const parts = Object.fromEntries(
    Object.entries(values).map(([name, { value, goal }]) => [name, judge(better, goal, value)]),
  )
  // A short run can use less memory than none.
  const distance = ({ value, goal }: Judgement) => (better === 'more' ? value : -value) / goal
  const [worst] = Object.values(parts).sort((a, b) => distance(a) - distance(b))
  if (!worst) throw new Error('nothing was measured')
  return { ...result, ...worst, met: Object.values(parts).every(({ met }) => met), parts }
}

function judge(better: 'more' | 'less', goal: number, value: number): Judgement {
  return { value, goal, better, met: better === 'more' ? value >= goal : value <= goal }
}
