import type {
  Engine,
  SuppressionAddOptions,
  SuppressionEntry,
  SuppressionNumbers,
  SuppressionScope,
  SuppressionSummary,
  SuppressionVerdict,
} from '@outdial/core'

/** What is said of a list, but for whose it is. */
export type ListVersion = Omit<SuppressionAddOptions, 'scope'>

/** One do-not-call list: of an organization, or of one of its campaigns. */
export class SuppressionDesk {
  readonly #engine: Pick<Engine, 'suppression'>
  readonly #scope: SuppressionScope
  readonly #where: { organization: string; job?: string }

  constructor(engine: Pick<Engine, 'suppression'>, organization: string, job?: string) {
    this.#engine = engine
    this.#scope = job === undefined ? { organization } : { job }
    this.#where = { organization, ...(job !== undefined && { job }) }
  }

  /** Puts numbers on it. Answers how long it is then. */
  add(numbers: SuppressionNumbers, version: ListVersion = {}): Promise<{ size: number }> {
    return this.#engine.suppression.add(numbers, { ...version, scope: this.#scope })
  }

  /** Takes numbers off it, whoever put them there. */
  remove(numbers: SuppressionNumbers): Promise<{ size: number }> {
    return this.#engine.suppression.remove(numbers, this.#scope)
  }

  /** Makes it what these numbers are; what calls have put on it stays. */
  async replace(numbers: SuppressionNumbers, version: ListVersion = {}): Promise<{ size: number }> {
    await this.#engine.suppression.replace(numbers, { ...version, scope: this.#scope })
    const { size } = await this.describe()
    return { size }
  }

  /** It as a whole. */
  describe(): Promise<SuppressionSummary> {
    return this.#engine.suppression.describe(this.#scope)
  }

  /** Everybody on it. */
  entries(): AsyncIterable<SuppressionEntry> {
    return this.#engine.suppression.entries(this.#scope)
  }

  /** On which lists numbers are that keep the organization, or its campaign, from calling them; everybody's among them. */
  check(numbers: readonly string[]): Promise<SuppressionVerdict[]> {
    return this.#engine.suppression.check(numbers, this.#where)
  }
}
