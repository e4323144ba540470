import { type Clock, isOutdialError, type Random } from '@outdial/core'
import { nonceOf, Waiters } from '@outdial/core/store'
import type { Kv, KvTransaction } from './kv.js'
import { isPromise, Reads, Suspended } from './reads.js'
import { type Circumstances, Unit } from './unit.js'

/** How a step came out. A rule that throws an error of ours has checked before it changed anything. */
type Outcome<T> = { unit: Unit; nextWake: number } & ({ value: T } | { error: unknown })

/** How a step is run. */
export interface StepOptions<T> {
  durable?: boolean
  /** Changes nothing, so nothing is written, not even the time. */
  reads?: boolean
  /** Runs once the step has happened, before whoever waits for something is told of it. */
  done?: (unit: Unit, value: T) => void
}

/**
 * Runs rules, one after the other, each in a transaction: on copies of the records, again from its start whenever
 * something had to be waited for, and then everything that has changed is written.
 */
export class Steps {
  readonly waiters: Waiters = new Waiters()
  readonly #kv: Kv
  readonly #keepEvents: number
  #clock: Clock | undefined
  #random: Random | undefined
  /** The store's time as far as this process knows it. */
  #now = 0
  #nextWake = Number.NEGATIVE_INFINITY
  #last: Promise<unknown> = Promise.resolve()

  constructor(kv: Kv, keepEvents: number) {
    this.#kv = kv
    this.#keepEvents = keepEvents
  }

  open(clock: Clock, random: Random): void {
    this.#clock = clock
    this.#random = random
  }

  get clock(): Clock | undefined {
    return this.#clock
  }

  /** The time now; never goes back. */
  now(): number {
    this.#now = Math.max(this.#now, this.#clock?.now() ?? 0)
    return this.#now
  }

  /** When time alone may make something claimable, as of the last step; long ago when that is not known. */
  get nextWake(): number {
    return this.#nextWake
  }

  run<T>(rule: (unit: Unit) => T, options: StepOptions<T> = {}): Promise<T> {
    const step = this.#last.then(() => this.#step(rule, options))
    this.#last = step.catch(() => {})
    return step
  }

  /** When everything that was begun is over. */
  async settled(): Promise<void> {
    await this.#last
  }

  async #step<T>(rule: (unit: Unit) => T, { durable = false, reads = false, done: tell }: StepOptions<T>): Promise<T> {
    const given: Circumstances = {
      now: this.now(),
      nonce: nonceOf(this.#random?.next() ?? 0),
      keepEvents: this.#keepEvents,
      shared: this.#kv.capabilities.shared,
    }
    let done: Outcome<T>
    try {
      done = await this.#kv.transaction((tx) => transact(tx, given, rule, reads), { durable })
    } catch (error) {
      // It may have happened all the same: whoever waits for something had better look.
      this.#nextWake = Number.NEGATIVE_INFINITY
      this.waiters.disturb()
      throw error
    }
    const { unit } = done
    this.#now = Math.max(this.#now, unit.now)
    this.#nextWake = done.nextWake
    if ('value' in done) tell?.(unit, done.value)
    // Also after an error: what was due by the clock has happened before it.
    this.waiters.signal(unit.signaled)
    if (this.#clock) this.waiters.expect(this.#clock, this.#now, this.#nextWake)
    if ('error' in done) throw done.error
    return done.value
  }
}

function transact<T>(
  tx: KvTransaction,
  given: Circumstances,
  rule: (unit: Unit) => T,
  readOnly: boolean,
): Outcome<T> | Promise<Outcome<T>> {
  const reads = new Reads(tx)
  const attempt = (): Outcome<T> | Promise<Outcome<T>> => {
    let done: Outcome<T>
    try {
      done = judge(new Unit(reads, given), rule)
    } catch (thrown) {
      if (thrown instanceof Suspended) return thrown.arrival.then(attempt)
      throw thrown
    }
    if (readOnly) return done
    const writes = write(tx, done.unit.changes())
    return writes ? writes.then(() => done) : done
  }
  return attempt()
}

function judge<T>(unit: Unit, rule: (unit: Unit) => T): Outcome<T> {
  let end: { value: T } | { error: unknown }
  try {
    end = { value: rule(unit) }
  } catch (error) {
    if (!isOutdialError(error)) throw error
    end = { error }
  }
  unit.countSignals()
  return { unit, nextWake: unit.nextWake, ...end }
}

function write(tx: KvTransaction, changes: ReadonlyMap<string, string | undefined>): Promise<unknown> | undefined {
  const pending: Promise<void>[] = []
  for (const [key, value] of changes) {
    const answer = value === undefined ? tx.delete(key) : tx.set(key, value)
    if (isPromise(answer)) pending.push(answer)
  }
  return pending.length > 0 ? Promise.all(pending) : undefined
}
