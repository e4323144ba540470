/** Makes the identifiers that the engine writes into the store and shows to users. */
export interface IdSource {
  /**
   * A new identifier that is unique for ever across all workers: `prefix_` and at least 80 random bits in lower-case
   * letters and digits. Two equal answers would mix two jobs up, so do not count on a process-wide counter.
   */
  id(prefix: string): string
}

/** Randomness for jitter and spreading. Never used where guessing it would hurt. */
export interface Random {
  /** A number in `[0, 1)`. */
  next(): number
}
