import { answerWithin } from '../engine/answer-within.js'
import type { Host } from '../engine/host.js'
import type { Reconciler } from '../engine/watch.js'
import type { JobCache } from '../jobs/job-cache.js'
import type { CallSpec, JobContext } from '../jobs/spec.js'
import type { Carrier, Lookup } from '../ports/carrier.js'
import type { LiveRecord } from '../ports/storage-exchange.js'
import type { CallBook } from './call-book.js'
import { checkedLookup, soundEvent } from './carrier-words.js'
import { callHandle, type LiveCall, wasSeen } from './live-call.js'

/** A request written at the last moment may be under way so long before the carrier has it. */
const TRANSIT = 30_000
/** A carrier that could not say is asked again after so long, a quarter longer each time, up to a quarter of an hour. */
const LOOK_AGAIN = 15_000
const LOOK_RARELY = 900_000
const PAGE = 256
/** A look-up that has not answered by then says nothing; others wait for it. */
const LOOKUP_TIMEOUT = 30_000

/**
 * Finds out what became of calls of which nobody has said so: whose worker died between fence and answer, whose answer
 * was lost, whose end never came. A carrier that can be asked is asked; only proof closes a call before its deadline.
 */
export class CallReconciler implements Reconciler {
  readonly routes: readonly string[]
  readonly #host: Host
  readonly #jobs: JobCache
  readonly #book: CallBook
  readonly #carriers: ReadonlyMap<string, Carrier>

  constructor(host: Host, jobs: JobCache, book: CallBook, carriers: ReadonlyMap<string, Carrier>) {
    this.#host = host
    this.#jobs = jobs
    this.#book = book
    this.#carriers = carriers
    this.routes = [...carriers.keys()]
  }

  /** Looks at one attempt that is due for a look. */
  async look(record: LiveRecord): Promise<void> {
    const job = (await this.#jobs.get(record.jobId, record.revision)) as JobContext<CallSpec> | undefined
    const carrier = job && this.#carriers.get(job.route)
    if (!job || !carrier) return
    const live = this.#book.revive(job, record)
    const askedAt = this.#host.now()
    if (askedAt < live.lookAt) return
    const found = await this.#lookUp(carrier, live)
    if (live.closing) return
    if (found.status === 'found') {
      const event = soundEvent(found.event)
      if (event) this.#book.evidence(live, event)
      if (found.event.type === 'ended' || this.#host.now() < this.#deadline(live)) return
    }
    if (found.status === 'notFound' && this.#proves(carrier, live, Math.min(found.asOf, askedAt))) {
      // A request that was lost is trouble of the carrier's, of which there may be only so much.
      return this.#book.notPlaced(live, {
        status: 'rejected',
        reason: 'unavailable',
        message: 'the carrier has no such call',
      })
    }
    const { lookup } = carrier.capabilities
    if (this.#host.now() >= this.#deadline(live) + (lookup ? lookup.horizon : 0)) return this.#book.giveUp(live)
    if (live.state !== 'unknown') this.#book.doubt(live, 'no word of it for too long')
    live.lookAt = this.#host.now() + Math.min(LOOK_AGAIN * 1.25 ** live.looks++, LOOK_RARELY)
  }

  async tidy(): Promise<void> {
    const refs = this.#book.refs()
    for (let i = 0; i < refs.length; i += PAGE) {
      const page = refs.slice(i, i + PAGE)
      const records = await this.#host.storage.load(page)
      for (const [position, ref] of page.entries()) {
        if (!records[position] && this.#book.get(ref)?.closing === false) this.#book.drop(ref)
      }
    }
  }

  #lookUp(carrier: Carrier, live: LiveCall): Promise<Lookup> | Lookup {
    const { lookup } = carrier
    if (!lookup || !carrier.capabilities.lookup) return { status: 'cannotTell' }
    const failed = (message: string): Lookup => {
      this.#host.events.emit('carrier.failed', { route: live.job.route, reason: 'lookup', message, ref: live.ref })
      return { status: 'cannotTell', message }
    }
    const ask = async () => {
      const found = checkedLookup(await lookup.call(carrier, callHandle(live)))
      return typeof found === 'string' ? failed(found) : found
    }
    return answerWithin(this.#host, LOOKUP_TIMEOUT, ask, failed)
  }

  /**
   * "Not found" is proof only when the carrier would have shown the call by then: after the last moment of writing the
   * request, its way, and the time the carrier takes to show a call. A call that has been seen cannot be proven away.
   * The carrier's clock may be minutes ahead of the store's: nothing is true as of later than it was asked. And
   * what the store's clock has leapt over has not passed.
   */
  #proves(carrier: Carrier, live: LiveCall, asOf: number): boolean {
    const { lookup } = carrier.capabilities
    if (lookup === false || wasSeen(live)) return false
    const late = TRANSIT + lookup.visibilityLag
    return asOf > live.startBy + late && this.#host.steadyFor() > late
  }

  #deadline(live: LiveCall): number {
    return live.startBy + live.life
  }
}
