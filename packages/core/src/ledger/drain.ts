import { answerWithin } from '../engine/answer-within.js'
import type { Host } from '../engine/host.js'
import type { AttemptEntry, LedgerSink } from '../ports/ledger.js'
import type { LedgerPage } from '../ports/storage-read.js'

/** Entries that go to the sink at a time. */
const PAGE = 256
/** Who has been handed entries has them for so long before another worker is. */
const LEASE = 30_000
/** With no whole page to hand over, the store is asked again after so long: a page costs the same with one entry as with all. */
const EVERY = 2000
const FIRST_RETRY = 1000
const LONGEST_RETRY = 60_000
/** What the sink refuses is not kept here, and handed out again when whoever had it has it no longer. */
const REFUSED_RETRY = LEASE

/** What a round was handed, or what became of it. */
type Came = 'page' | 'part' | 'nothing' | 'failed' | 'refused'

/**
 * Hands the entries of the ledger to the host's sink, a page at a time, and has the store forget them when they are safe. What the
 * sink refuses is handed to it again, by this worker or, when it dies, by another; so that an entry may come twice, and none is left out.
 */
export class LedgerDrain {
  readonly #host: Host
  readonly #sink: LedgerSink
  readonly #abort: AbortController = new AbortController()
  #done: Promise<void> = Promise.resolve()
  #failures = 0
  #over = false
  /** What the store is being asked. */
  #asking: Promise<unknown> = Promise.resolve()

  constructor(host: Host, sink: LedgerSink) {
    this.#host = host
    this.#sink = sink
  }

  start(): void {
    this.#done = this.#run()
  }

  /** Ends the rounds, and hands over what there is. Resolves when nothing is left, the sink refuses, or it is stopped. */
  async flush(): Promise<void> {
    this.#abort.abort()
    await this.#done
    const more: readonly Came[] = ['page', 'part']
    while (more.includes(await this.#round())) {
      // The next page.
    }
  }

  /**
   * Ends everything, whatever the sink is at: neither it nor the store is asked for anything more. What is not known to be safe is
   * handed out again later. Resolves when the store has answered what it was asked last.
   */
  async stop(): Promise<void> {
    this.#over = true
    this.#abort.abort()
    await this.#asking
  }

  async #run(): Promise<void> {
    const { signal } = this.#abort
    while (!signal.aborted) {
      const came = await this.#round()
      if (came === 'nothing' || came === 'part') await this.#host.pause(EVERY, signal)
      if (came === 'failed') await this.#host.pause(this.#retryIn(FIRST_RETRY), signal)
      if (came === 'refused') await this.#host.pause(this.#retryIn(REFUSED_RETRY), signal)
    }
  }

  async #round(): Promise<Came> {
    const { storage, events } = this.#host
    if (this.#over) return 'nothing'
    let taken: LedgerPage
    try {
      taken = await this.#ask(storage.takeLedger({ max: PAGE, leaseMs: LEASE }))
    } catch (error) {
      this.#failures++
      events.emit('storage.failed', { error, retryIn: this.#retryIn(FIRST_RETRY) })
      return 'failed'
    }
    const { page, entries } = taken
    if (this.#over || page === undefined) return 'nothing'
    try {
      // What has been redacted meanwhile is about nobody any more.
      const known = entries.flatMap(({ data }) => (data === '' ? [] : (JSON.parse(data) as AttemptEntry)))
      if (known.length > 0) await this.#append(known)
      if (this.#over) return 'nothing'
      await this.#ask(storage.acknowledgeLedger(page))
      this.#failures = 0
      return entries.length < PAGE ? 'part' : 'page'
    } catch (error) {
      // The page is not kept: what is redacted before it is handed out again is then gone from it.
      this.#failures++
      events.emit('ledger.failed', { error, entries: entries.length, retryIn: this.#retryIn(REFUSED_RETRY) })
      return 'refused'
    }
  }

  /** A sink that says nothing for as long as it has the entries is told of as one that refuses them. */
  async #append(known: readonly AttemptEntry[]): Promise<void> {
    const refused = await answerWithin<{ error: unknown } | undefined>(
      this.#host,
      LEASE,
      () =>
        this.#sink.append(known).then(
          () => undefined,
          (error: unknown) => ({ error }),
        ),
      (message) => ({ error: new Error(message) }),
    )
    if (refused) throw refused.error
  }

  #ask<Answer>(answer: Promise<Answer>): Promise<Answer> {
    this.#asking = answer.catch(() => {})
    return answer
  }

  #retryIn(first: number): number {
    return Math.min(first * 2 ** Math.max(0, this.#failures - 1), LONGEST_RETRY)
  }
}
