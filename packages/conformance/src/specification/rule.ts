/** The levels, in the order of the report. */
export const LEVELS = ['core', 'shared', 'durable', 'paced', 'fair'] as const
/** See {@link LEVELS}. */
export type Level = (typeof LEVELS)[number]

/** One sentence of the specification. */
export interface Rule {
  /** `S-` and three digits; never used for another rule again. */
  readonly id: string
  readonly level: Level
  /** What a store MUST do: the rest of the sentence that begins with the store. */
  readonly sentence: string
  /** Whether it can be tried only where the kit moves the clock. The report says which rules were not tried because of that. */
  readonly needsGivenClock?: true
}

/** The rules about one subject, in the order of the specification. */
export interface Area {
  readonly title: string
  /** What the rules of this area are about, for readers of the specification. */
  readonly about: string
  readonly rules: readonly Rule[]
}

/** Rules of one level, by id. */
export function rules(level: Level, sentences: Readonly<Record<string, string>>): Rule[] {
  return Object.entries(sentences).map(([id, sentence]) => ({ id, level, sentence }))
}
