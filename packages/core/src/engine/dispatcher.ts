import type { JobCache } from '../jobs/job-cache.js'
import type { JobContext } from '../jobs/spec.js'
import { isJobOver, type JobState } from '../lifecycle/job.js'
import type { ClaimedGroup, ClaimedTask, ExchangeReply, Fenced } from '../ports/storage-exchange.js'
import type { ChannelUser, Conversation, Wanted } from './channel.js'
import type { Host } from './host.js'
import { CHANGED, type Ready, type Returned, type Runner, type Verdict } from './runner.js'

/** A claim that is not fenced within this time goes back. Longer than any start granted ahead, and a worker's pause. */
const LEASE = 10_000
/** A refused fence is tried again while holding the claim if that is so soon. */
const HOLD_FOR = 1500

/** A task that could not be decided about is looked at again after so long. */
const UNDECIDED = 60_000

interface RouteState {
  readonly runner: Runner
  /** Claims held, not yet fenced or given back. */
  claims: number
  /** Fenced and being started. */
  starting: number
  /** One of them has been. */
  readonly started: () => void
}

/**
 * Takes tasks from claim to start: asks for as many as can begin within about a second, has each decided and fenced, and
 * starts it at the instant the fence grants, or never.
 */
export class Dispatcher implements ChannelUser {
  readonly #host: Host
  readonly #jobs: JobCache
  readonly #routes: Map<string, RouteState> = new Map()
  readonly #waiting: (() => void)[] = []
  #channel!: Conversation
  #claiming = false
  #stopping = false

  constructor(host: Host, jobs: JobCache) {
    this.#host = host
    this.#jobs = jobs
  }

  /** Gives it the channel it speaks through and those who do its work. Before the channel starts. */
  attach(channel: Conversation, runners: readonly Runner[]): void {
    this.#channel = channel
    for (const runner of runners) {
      const started = () => {
        route.starting--
        this.#settled()
      }
      const route: RouteState = { runner, claims: 0, starting: 0, started }
      this.#routes.set(runner.route, route)
    }
  }

  /**
   * Claims from now on. Before, the channel may speak already: a process that was never started takes webhooks and reports, and must
   * dial nobody.
   */
  start(): void {
    this.#claiming = true
    this.#channel.poke()
  }

  /** Claims nothing more and gives back what it holds. Resolves when no claim and no start is left. */
  async stop(): Promise<void> {
    this.#stopping = true
    while ([...this.#routes.values()].some(({ claims, starting }) => claims + starting > 0)) {
      await new Promise<void>((resolve) => this.#waiting.push(resolve))
    }
  }

  wanted(): Wanted[] {
    if (!this.#claiming || this.#stopping) return []
    const { batch } = this.#host.storage.capabilities
    const wanted: Wanted[] = []
    for (const [route, { runner, claims, starting }] of this.#routes) {
      const room = runner.atOnce - starting - claims
      if (room > 0) wanted.push({ route, max: Math.min(batch, room), room, leaseMs: LEASE })
    }
    return wanted
  }

  changed(jobs: ExchangeReply['jobs']): void {
    for (const { id, state, reason } of jobs) {
      const told = { jobId: id, state: state as JobState, ...(reason !== undefined && { reason }) }
      this.#host.events.emit('job.changed', told)
      if (isJobOver(told.state)) this.#host.events.emit('job.ended', told)
    }
  }

  claimed(groups: readonly ClaimedGroup[], { now }: ExchangeReply): void {
    for (const group of groups) {
      const route = this.#routes.get(group.route)
      if (!route) continue
      route.claims += group.tasks.length
      const job = this.#jobs.known(group.jobId, group.revision)
      if (job) this.#decideAll(route, job, group, now)
      else void this.#readThenDecide(route, group)
    }
  }

  async #readThenDecide(route: RouteState, group: ClaimedGroup): Promise<void> {
    const job = await this.#jobs.get(group.jobId, group.revision).catch((error: unknown) => {
      this.#host.events.emit('storage.failed', { error, retryIn: LEASE })
      return undefined
    })
    if (job) return this.#decideAll(route, job, group, this.#host.now())
    // A job that cannot be read: the leases end by themselves, unburned.
    for (const _ of group.tasks) this.#released(route)
  }

  #decideAll(route: RouteState, job: JobContext, group: ClaimedGroup, now: number): void {
    for (const task of group.tasks) this.#decide(route, job, task, group.leaseUntil, now)
  }

  #decide(route: RouteState, job: JobContext, task: ClaimedTask, leaseUntil: number, now: number): void {
    const { claim } = task
    if (this.#stopping) return this.#giveBack(route, claim, { next: { waitUntil: 0 } })
    const verdict = this.#verdict(route.runner, job, task, now)
    if ('next' in verdict) return this.#giveBack(route, claim, verdict)
    const { begin } = verdict
    this.#channel.fence(begin.fence, (fenced, reply, sentAt) => {
      if (fenced.status === 'fenced') return this.#begin(route, job, begin, fenced, reply.now, sentAt)
      if (fenced.status === 'gone') return this.#released(route)
      const { reasons, retryAt } = fenced
      route.runner.fenceRefused?.(job, begin, reasons, reply.now)
      if (!reasons.includes(CHANGED) && retryAt - reply.now <= HOLD_FOR && retryAt < leaseUntil) {
        this.#host.later(() => this.#decide(route, job, task, leaseUntil, this.#host.now()), retryAt - this.#host.now())
        return
      }
      this.#giveBack(route, claim, this.#refused(route.runner, job, begin, reasons, retryAt, reply.now))
    })
  }

  /** A task that cannot be decided about, because what is stored of it makes no sense or the host's rates throw, must not keep the others waiting. */
  #verdict(runner: Runner, job: JobContext, task: ClaimedTask, now: number): Verdict<Ready> {
    try {
      return runner.decide(job, task, now)
    } catch (error) {
      this.#host.events.emit('engine.failed', { error })
      return undecided(now)
    }
  }

  #refused(
    runner: Runner,
    job: JobContext,
    begin: Ready,
    reasons: readonly string[],
    retryAt: number,
    now: number,
  ): Returned {
    try {
      return runner.refused(job, begin, reasons, retryAt, now)
    } catch (error) {
      this.#host.events.emit('engine.failed', { error })
      return undecided(now)
    }
  }

  #begin(
    route: RouteState,
    job: JobContext,
    begin: Ready,
    fenced: Extract<Fenced, { status: 'fenced' }>,
    now: number,
    sentAt: number,
  ): void {
    route.claims--
    route.starting++
    // Counted from before the exchange was sent: a reply that was long under way leaves less time, never more.
    const lastStart = sentAt + (fenced.startBy - now)
    const startable = () => this.#host.clock.monotonic() <= lastStart
    // Counted from now: the store's clock has gone on since it answered, so this is never early.
    const wait = fenced.startAt - now
    if (wait <= 0) this.#start(route, job, begin, fenced, startable)
    else this.#host.later(() => this.#start(route, job, begin, fenced, startable), wait)
  }

  /** What became of an attempt whose runner fails, nobody can say: the watchdog finds out. */
  #start(
    route: RouteState,
    job: JobContext,
    begin: Ready,
    fenced: Extract<Fenced, { status: 'fenced' }>,
    startable: () => boolean,
  ): void {
    try {
      route.runner.start(job, begin, fenced, startable, route.started)
    } catch (error) {
      this.#host.events.emit('engine.failed', { error })
      route.started()
    }
  }

  #giveBack(route: RouteState, claim: string, { next, tell }: Returned): void {
    this.#channel.report({ kind: 'return', claim, next }, (applied) => {
      this.#released(route)
      if (applied === 'applied') tell?.()
    })
  }

  #released(route: RouteState): void {
    route.claims--
    this.#settled()
  }

  #settled(): void {
    this.#channel.poke()
    if (this.#waiting.length > 0) for (const resolve of this.#waiting.splice(0)) resolve()
  }
}

function undecided(now: number): Returned {
  return { next: { waitUntil: now + UNDECIDED, reasons: ['undecided'] } }
}
