import type { Answer, KvEntry, KvRange, KvTransaction } from './kv.js'

/** Thrown where a rule asks for what is not here yet: wait, and run the rule again from its start. */
export class Suspended {
  readonly arrival: Promise<void>
  constructor(arrival: Promise<void>) {
    this.arrival = arrival
  }
}

/**
 * Everything that was read in a transaction. The rules are synchronous and a database need not be: what is not here is
 * asked for, and once it has come the rule finds it here. A rule does the same every time it runs on the same reads.
 */
export class Reads {
  readonly #tx: KvTransaction
  readonly #values: Map<string, string | undefined> = new Map()
  readonly #ranges: Map<string, readonly KvEntry[]> = new Map()
  #promised = false

  constructor(tx: KvTransaction) {
    this.#tx = tx
  }

  get(key: string): string | undefined {
    if (this.#values.has(key)) return this.#values.get(key)
    return this.#arrive(this.#tx.get(key), (value) => this.#values.set(key, value))
  }

  /** What is known of a key: `{ value }` if it was read. */
  known(key: string): { value: string | undefined } | undefined {
    return this.#values.has(key) ? { value: this.#values.get(key) } : undefined
  }

  range(query: KvRange): readonly KvEntry[] {
    const name = `${query.gte} ${query.lt} ${query.limit}`
    const known = this.#ranges.get(name)
    if (known) return known
    return this.#arrive(this.#tx.range(query), (entries) => {
      this.#ranges.set(name, entries)
      for (const [key, value] of entries) this.#values.set(key, value)
    })
  }

  /** Says which keys will be asked for next. A database with a way to go is asked for all of them at once. */
  expect(keys: readonly string[]): void {
    if (!this.#promised) return
    const unknown = keys.filter((key) => !this.#values.has(key))
    if (unknown.length === 0) return
    const asked = unknown.map(async (key) => this.#values.set(key, await this.#tx.get(key)))
    throw new Suspended(Promise.all(asked).then(() => {}))
  }

  /** Reads consecutive keys in one go; those that are not there are known not to be. */
  block(keys: readonly string[]): void {
    const first = keys[0]
    const last = keys.at(-1)
    if (first === undefined || last === undefined || this.#values.has(first)) return
    this.range({ gte: first, lt: `${last}!`, limit: keys.length })
    for (const key of keys) if (!this.#values.has(key)) this.#values.set(key, undefined)
  }

  #arrive<T>(answer: Answer<T>, keep: (value: T) => void): T {
    if (isPromise(answer)) {
      this.#promised = true
      throw new Suspended(answer.then(keep))
    }
    keep(answer)
    return answer
  }
}

/** Also a promise that is not the platform's own. */
export function isPromise<T>(answer: Answer<T>): answer is Promise<T> {
  return typeof answer === 'object' && answer !== null && 'then' in answer
}
