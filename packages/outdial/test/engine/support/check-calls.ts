import { type LedgerEntry, parseRef } from 'outdial'
import { closed, granted } from './exchanged.js'
import type { Grounds } from './grounds.js'
import type { Check, Step } from './steps.js'

interface Fenced {
  startAt: number
  startBy: number
}

/**
 * G1 and G2, judged by what the carriers did: a call is only placed on a live fence, once, in its time, and never while
 * another call of the same contact may be live. And what the store believes of a call is true.
 */
export class CheckCalls implements Check {
  readonly #grounds: Grounds
  readonly #fences: Map<string, Fenced> = new Map()
  readonly #open: Set<string> = new Set()
  readonly #liveAtCarrier: Map<string, LedgerEntry> = new Map()
  readonly #placed: Set<string> = new Set()
  readonly #provenAway: Set<string> = new Set()
  readonly #ends: Map<string, string> = new Map()

  constructor(grounds: Grounds) {
    this.#grounds = grounds
  }

  /** How a call ended at the carrier. */
  endOf(ref: string): string | undefined {
    return this.#ends.get(ref)
  }
  wasPlaced(ref: string): boolean {
    return this.#placed.has(ref)
  }
  get placedRefs(): ReadonlySet<string> {
    return this.#placed
  }

  see(step: Step): void {
    if (step.kind === 'carrier') this.#carrier(step.route, step.entry)
    if (step.kind !== 'exchanged') return
    for (const report of closed(step)) {
      this.#open.delete(report.ref)
      const live = this.#liveAtCarrier.get(report.ref)
      if (live)
        this.#grounds.complain(
          'G2',
          `closed as ${report.outcome || 'not placed'} while live at the carrier: ${report.ref}`,
        )
      if (report.placed) continue
      this.#provenAway.add(report.ref)
      if (this.#placed.has(report.ref)) this.#grounds.complain('G2', `"proven" not placed, but it was: ${report.ref}`)
    }
    for (const { ref, startAt, startBy } of granted(step)) {
      const task = taskOf(ref)
      for (const other of this.#open)
        if (taskOf(other) === task) this.#grounds.complain('G1', `${ref} fenced while ${other} is open`)
      if (this.#fences.has(ref)) this.#grounds.complain('G1', `the same ref twice: ${ref}`)
      if (startBy > startAt + 2000) this.#grounds.complain('G6', `may start more than 2 s after it was granted: ${ref}`)
      this.#fences.set(ref, { startAt, startBy })
      this.#open.add(ref)
    }
  }

  #carrier(route: string, entry: LedgerEntry): void {
    const { ref, kind, at } = entry
    if (kind === 'ended') {
      this.#liveAtCarrier.delete(ref)
      this.#ends.set(ref, entry.detail ?? '')
    }
    if (kind !== 'placed') return
    if (this.#placed.has(ref)) this.#grounds.complain('G1', `placed twice: ${ref}`)
    const task = taskOf(ref)
    for (const other of this.#liveAtCarrier.keys()) {
      if (taskOf(other) === task) this.#grounds.complain('G1', `${ref} placed while ${other} is live at the carrier`)
    }
    if (this.#provenAway.has(ref)) this.#grounds.complain('G2', `"proven" not placed, and placed then: ${ref}`)
    const fence = this.#fences.get(ref)
    if (!fence || !this.#open.has(ref)) this.#grounds.complain('G1', `placed without a fence that is open: ${ref}`)
    if (fence && at < fence.startAt)
      this.#grounds.complain('G5', `placed ${fence.startAt - at} ms before its time: ${ref}`)
    if (fence && at > fence.startBy + this.#grounds.transit(route))
      this.#grounds.complain('G6', `placed too late: ${ref}`)
    this.#placed.add(ref)
    this.#liveAtCarrier.set(ref, entry)
  }
}

/** The task that a ref is an attempt of. */
function taskOf(ref: string): string {
  const parts = parseRef(ref)
  return parts ? `${parts.jobId}:${parts.index}` : ref
}
