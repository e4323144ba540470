import { breakerRules } from '../breaker/breaker-options.js'
import { Breakers } from '../breaker/breakers.js'
import { CallerIds } from '../caller-ids/caller-ids.js'
import { CallerIdDesk } from '../caller-ids/desk.js'
import { quarantineRules } from '../caller-ids/quarantine.js'
import { CallBook } from '../calls/call-book.js'
import { CallIntake } from '../calls/call-intake.js'
import { CallReconciler } from '../calls/call-reconciler.js'
import { CallRunner } from '../calls/call-runner.js'
import { Calls } from '../calls/calls.js'
import { type Erased, type EraseOptions, erase } from '../erasure/erasure.js'
import { isOutdialError, OutdialError } from '../errors/outdial-error.js'
import { Emitter, type Listener, type Unsubscribe } from '../events/emitter.js'
import type { EngineEvents } from '../events/event-map.js'
import { changeJob } from '../jobs/change-job.js'
import { type ScopeLimits, scopeLimits } from '../jobs/gates.js'
import { JobCache } from '../jobs/job-cache.js'
import { LaneKeeper } from '../jobs/lane-keeper.js'
import { pausingItself } from '../jobs/pauses.js'
import { parseLimits, parseScope, type SharedScope } from '../jobs/scope-limits.js'
import { LedgerDrain } from '../ledger/drain.js'
import { Purse } from '../money/purse.js'
import { Reservations } from '../money/reservations.js'
import { routeRates } from '../money/route-rates.js'
import { Settler } from '../money/settler.js'
import type { BackendDesk } from '../operations/backend-desk.js'
import { openDesks } from '../operations/backends.js'
import { CallerIdPool } from '../operations/caller-id-pool.js'
import type { OperationBook } from '../operations/operation-book.js'
import { operationWork } from '../operations/operation-work.js'
import { Operations } from '../operations/operations.js'
import { type Duration, parseDuration } from '../policy/duration.js'
import type { Carrier, CarrierEvent, WebhookRequest } from '../ports/carrier.js'
import type { Report } from '../ports/storage-exchange.js'
import { Suppression } from '../suppression/suppression.js'
import { type Checked, refuseMisconfigured } from './account-check.js'
import { engineStopped } from './answered.js'
import { Channels } from './channels.js'
import { Connections } from './connections.js'
import { Dispatcher } from './dispatcher.js'
import { Host } from './host.js'
import { limitsChanged } from './limits-changed.js'
import { type Carriers, checkOptions, type EngineOptions } from './options.js'
import { ownLimits } from './own-limits.js'
import { Watch } from './watch.js'

/** How an engine stopped. */
export interface StopReport {
  /**
   * Calls still live, and operations not yet answered, when it stopped. They are in the store, keep their slots, and are
   * reconciled at the next start.
   */
  live: number
}

/** What is left to be told to the store when an engine stops may take so long. */
const LAST_WORDS = 2000
/** Calls may go on for so long while an engine stops, unless said otherwise. */
const DRAIN = '30s'

/**
 * The engine: makes jobs, works them off, and takes what carriers say.
 *
 * Creating and controlling works at once; nothing is dialed before `start`. Several engines, in one process or many, may
 * share a store.
 */
export class Engine<Routes extends Carriers = Carriers> {
  /** Campaigns. */
  readonly calls: Calls<Routes>
  /** Bulk operations on resources. */
  readonly operations: Operations
  /** Numbers that are called from. */
  readonly callerIds: CallerIds
  /** Numbers that are not called. */
  readonly suppression: Suppression
  readonly #options: EngineOptions<Routes>
  readonly #host: Host
  readonly #carriers: ReadonlyMap<string, Carrier>
  readonly #dialed: readonly string[]
  readonly #breakers: Breakers
  /** What has to be in order before this process dials. */
  readonly #checked: readonly Checked[]
  readonly #desks: ReadonlyMap<string, BackendDesk>
  readonly #book: CallBook
  readonly #operationBook: OperationBook
  readonly #intake: CallIntake
  readonly #channel: Channels
  readonly #dispatcher: Dispatcher
  readonly #watch: Watch
  readonly #purse: Purse
  readonly #settler: Settler | undefined
  readonly #lanes: LaneKeeper
  readonly #ledger: LedgerDrain | undefined
  readonly #connections: Connections
  #state: 'made' | 'running' | 'draining' | 'stopped' = 'made'
  #revision = 0

  constructor(options: EngineOptions<Routes>) {
    checkOptions(options as EngineOptions)
    this.#options = options
    const { storage, clock, ids, random, placeAtOnce = 64 } = options
    const { ledger } = options
    const shared = { zones: options.zones, keepsLedger: ledger !== undefined }
    this.#host = new Host({ storage, clock, ids, random, events: new Emitter(), ...shared })
    this.#ledger = typeof ledger === 'object' ? new LedgerDrain(this.#host, ledger) : undefined
    this.#carriers = new Map(Object.entries((options.carriers ?? {}) as Record<string, Carrier>))
    this.#connections = new Connections(this.#host, this.#carriers)
    this.#desks = openDesks(this.#host, options.resources ?? [])
    const routes = options.dial ?? [...this.#carriers.keys(), ...[...this.#desks.values()].map(({ route }) => route)]
    const jobs = new JobCache(storage)
    const dialed = [...this.#carriers].filter(([route]) => routes.includes(route))
    this.#dialed = dialed.map(([route]) => route)
    const accounts = [
      ...dialed,
      ...(options.resources ?? []).map((backend) => [`resources:${backend.type}`, backend] as const),
    ]
    this.#checked = accounts.flatMap(([route, account]) =>
      account.check && routes.includes(route) ? { route, check: () => account.check?.() ?? Promise.resolve([]) } : [],
    )

    const rates = routeRates(options.rates ?? {}, (options.carriers ?? {}) as Record<string, Carrier>)
    const { accounts: balances } = options
    const reservations = balances && new Reservations(this.#host, balances, rates)
    this.#settler = reservations && new Settler(this.#host, reservations)
    this.#purse = new Purse(this.#host, reservations)
    this.#dispatcher = new Dispatcher(this.#host, jobs)
    const { batch, channels } = storage.capabilities
    // One that carries little costs the store nearly as much as one that carries much.
    const count = Math.max(1, Math.min(channels, Math.floor((placeAtOnce * dialed.length) / batch)))
    this.#channel = new Channels(this.#host, this.#dispatcher, { durable: options.durable ?? false, count })
    const numbers = new CallerIdDesk(this.#host, quarantineRules(options.quarantine))
    this.#breakers = new Breakers(this.#host, breakerRules(options.breaker), numbers.closures)
    const judges = { breakers: this.#breakers, quarantine: numbers.quarantine }
    this.#book = new CallBook(this.#host, this.#channel, (...given) => void this.#pauseJob(...given), judges)
    const runners = dialed.map(([route, carrier]) => {
      const money = { rates: rates.get(route), purse: this.#purse }
      return new CallRunner(this.#host, route, carrier, this.#book, placeAtOnce, { money, callerIds: numbers })
    })
    const pool = new CallerIdPool(this.#host, options.callerIds ?? 'any')
    const work = operationWork(this.#host, jobs, this.#channel, this.#desks, routes, pool)
    this.#operationBook = work.book
    this.#dispatcher.attach(this.#channel, [...runners, ...work.runners])
    this.#intake = new CallIntake(this.#host, this.#channel, jobs, this.#book)
    const reconciler = new CallReconciler(this.#host, jobs, this.#book, new Map(dialed))
    this.#watch = new Watch(this.#host, [reconciler, ...work.reconcilers])
    this.#lanes = new LaneKeeper(this.#host)
    this.calls = new Calls<Routes>({
      host: this.#host,
      carriers: this.#carriers,
      reader: options.contacts,
      directory: options.directory,
      opened: () => this.#open(),
      report: (report) => this.#say(report),
      setLimits: (...given) => this.#setLimits(...given),
      rates,
      reservations,
      breaker: options.breaker !== false,
      revision: () => this.#nextRevision(),
    })
    this.callerIds = new CallerIds({
      host: this.#host,
      reader: options.contacts,
      desk: numbers,
      opened: () => this.#open(),
    })
    this.suppression = new Suppression({
      host: this.#host,
      reader: options.contacts,
      opened: () => this.#open(),
    })
    this.operations = new Operations({
      host: this.#host,
      desks: this.#desks,
      pool,
      directory: options.directory,
      opened: () => this.#open(),
      setLimits: (...given) => this.#setLimits(...given),
    })
  }

  /** Tells of what this process does; see `EngineEvents`. Returns how to take the listener off. */
  on<Name extends keyof EngineEvents>(name: Name, listener: Listener<EngineEvents[Name]>): Unsubscribe {
    return this.#host.events.on(name, listener)
  }

  /** Begins to dial and to reconcile. A second time: nothing. After `stop`: `engine_stopped`; make a new one. */
  start(): Promise<void> {
    if (this.#state === 'draining') return Promise.reject(engineStopped())
    if (this.#state === 'stopped') this.#starting = undefined
    this.#starting ??= this.#start().catch((error: unknown) => {
      this.#starting = undefined
      throw error
    })
    return this.#starting
  }

  async #start(): Promise<void> {
    this.#refuseStopped()
    await this.#open()
    await refuseMisconfigured(this.#host, this.#checked)
    await this.#breakers.letGo(this.#dialed)
    // It may have been stopped meanwhile.
    this.#refuseStopped()
    this.#connections.connect((route, event) => this.#hear(route, event))
    this.#state = 'running'
    this.#dispatcher.start()
    this.#channel.start()
    this.#watch.start()
    this.#lanes.start()
    this.#ledger?.start()
    this.#settler?.start()
  }

  /**
   * Stops: claims nothing more, gives back what was not begun, lets live calls end for as long as `drain` says (default
   * 30 s), and tells how many had not. Those lose nothing: they stay recorded, and an engine started later finds out. Until then
   * webhooks and reports are taken, so let them come: without them most carriers' calls end for nobody.
   */
  async stop(options: { drain?: Duration } = {}): Promise<StopReport> {
    const drain = parseDuration(options.drain ?? DRAIN, 'drain')
    if (this.#state !== 'running') {
      this.#state = 'stopped'
      await this.#channel.stop()
      this.#host.dispose()
      return { live: 0 }
    }
    this.#state = 'draining'
    // Others may have ended calls that this worker began; they are not waited for.
    const settled = this.#dispatcher
      .stop()
      .then(() => this.#watch.tidy())
      .then(() => Promise.all([this.#book.emptied(), this.#operationBook.emptied()]))
    const late = new AbortController()
    await Promise.race([settled, this.#host.pause(drain, late.signal)])
    this.#state = 'stopped'
    await Promise.race([this.#watch.tidy(), this.#host.pause(LAST_WORDS, late.signal)])
    const live = this.#book.size + this.#operationBook.size
    await Promise.race([this.#channel.flushed(), this.#host.pause(LAST_WORDS, late.signal)])
    await Promise.race([this.#ledger?.flush(), this.#host.pause(LAST_WORDS, late.signal)])
    // Who keeps the balances may hang: what is not booked then is booked later, by whoever runs.
    await Promise.race([this.#settler?.stop(), this.#host.pause(LAST_WORDS, late.signal)])
    late.abort()
    await this.#ledger?.stop()
    this.#connections.disconnect()
    await Promise.all([this.#watch.stop(), this.#lanes.stop(), this.#channel.stop()])
    this.#host.dispose()
    return { live }
  }

  /** Stops as a crash would: at once, telling nobody. For tests and for processes that have to end now; nothing is lost. */
  async abandon(): Promise<void> {
    this.#state = 'stopped'
    const handed = this.#ledger?.stop()
    this.#connections.disconnect()
    this.#host.dispose()
    await Promise.all([handed, this.#watch.stop(), this.#lanes.stop(), this.#settler?.stop(), this.#channel.stop()])
  }

  /**
   * Takes a carrier's webhook. Resolves when its events are stored, so that an answer of 2xx may be given; rejects with
   * `webhook_forged` when the signature does not hold, `not_supported` when the carrier has no webhooks, `call_contended` and
   * `engine_stopped` when events could not be stored: answer with a 5xx then, so that the carrier sends it again. It may be repeated.
   */
  async webhook(route: string, request: WebhookRequest): Promise<{ events: number }> {
    const carrier = this.#carriers.get(route)
    if (!carrier)
      throw new OutdialError('unknown_carrier', `There is no carrier '${route}'.`, { field: 'route', route })
    if (!carrier.parseWebhook) throw new OutdialError('not_supported', `Carrier '${route}' has no webhooks.`, { route })
    const events = await carrier.parseWebhook(request)
    await this.#open()
    this.#refuseStopped()
    this.#channel.start()
    const foreign = events.map(refOf).filter((ref): ref is string => ref !== undefined && !this.#book.get(ref))
    for (const event of events) await this.#take(route, event)
    // Stopped before it was stored: whoever sent it has to send it again.
    do {
      if (!(await this.#channel.flushed())) this.#refuseStopped()
    } while (await this.#book.heard())
    // All that is known of calls that others began is stored. Behind an engine that was never started nobody tidies up, and one that
    // stops waits for its own alone.
    if (this.#state !== 'running') for (const ref of foreign) this.#book.drop(ref)
    return { events: events.length }
  }

  /**
   * Removes what is known of one person from all campaigns of an organization, at their request: who waits ends as `canceled`, reason
   * `erased`, then numbers, variables, results and events of the contact are removed, and the ledger's sink is told. Counters stay,
   * and so do do-not-call entries unless `suppression` says otherwise. The answer names contacts that are being called: repeat it when those
   * calls are over. By `externalId` all contacts of the organization are looked through. Errors: `invalid_options`, and what the sink throws.
   */
  erase(options: EraseOptions): Promise<Erased> {
    const { ledger, contacts } = this.#options
    const sink = typeof ledger === 'object' ? ledger : undefined
    return erase({ host: this.#host, reader: contacts, sink, opened: () => this.#open() }, options)
  }

  /**
   * Sets limits of an organization, a caller id (E.164), a route or everything, at once and for all processes. A caller id may have a
   * daily cap too (`perDay`), an organization `moneyPerDay`. What cannot be meant (another scope, a limit that is no number) is
   * `invalid_options` and changes nothing. May be repeated.
   */
  setLimits(scope: SharedScope, limits: ScopeLimits): Promise<void> {
    return this.#setLimits(scope, limits)
  }

  async #setLimits(of: SharedScope, given: ScopeLimits, asOf?: number): Promise<void> {
    const [scope, limits] = [parseScope(this.#options.contacts, of), parseLimits(given)]
    await this.#open()
    const revision = asOf === undefined ? this.#nextRevision() : Math.floor(asOf * 1000)
    await this.#host.storage.setLimits(scopeLimits(scope, limits, revision))
    await limitsChanged(this.#host, this.#purse, scope, limits)
  }

  /** Higher than any before it, also within the same millisecond. */
  #nextRevision(): number {
    this.#revision = Math.max(this.#revision + 1, Math.floor(this.#host.now() * 1000))
    return this.#revision
  }

  /** Tells the store something at a user's request. Answers whether it was news. */
  async #say(report: Report): Promise<boolean> {
    this.#refuseStopped()
    this.#channel.start()
    let applied = false
    this.#channel.report(report, (answer) => {
      applied = answer === 'applied'
    })
    if (!(await this.#channel.flushed())) this.#refuseStopped()
    return applied
  }

  #starting: Promise<void> | undefined
  #opened: Promise<void> | undefined
  #open(): Promise<void> {
    this.#opened ??= this.#openStorage().catch((error: unknown) => {
      this.#opened = undefined
      throw error
    })
    return this.#opened
  }

  async #openStorage(): Promise<void> {
    const { storage, clock, random } = this.#host
    await storage.open({ clock, random })
    const limits = ownLimits(this.#options.limits, this.#carriers, this.#desks, this.#nextRevision())
    if (limits.length > 0) await storage.setLimits(limits)
  }

  /** An event that whoever brings it brings again when it could not be stored; told of either way. */
  async #take(route: string, event: CarrierEvent): Promise<void> {
    try {
      await this.#intake.take(route, event)
    } catch (error) {
      if (isOutdialError(error, 'call_contended')) this.#unheard(route, event, error)
      throw error
    }
  }

  #hear(route: string, event: CarrierEvent): void {
    try {
      this.#intake.take(route, event)?.catch((error) => this.#unheard(route, event, error))
    } catch (error) {
      this.#unheard(route, event, error)
    }
  }

  /** Of a call that is live the watchdog finds out what it would have said, should the carrier have no way to say it again. */
  #unheard(route: string, event: CarrierEvent | undefined, error: unknown): void {
    const ref = refOf(event)
    const named = ref !== undefined && { ref }
    this.#host.events.emit('carrier.failed', { route, reason: 'event', message: String(error), ...named })
  }

  async #pauseJob(jobId: string, reason: string, until?: number): Promise<void> {
    try {
      await changeJob(this.#host, jobId, (job, spec) => pausingItself(job, spec, { reason, until }))
    } catch (error) {
      this.#host.events.emit('storage.failed', { error, retryIn: 0 })
    }
  }

  #refuseStopped(): void {
    if (this.#state === 'stopped') throw engineStopped()
  }
}

/** The call that an event is of, if its carrier says so. */
function refOf(event: CarrierEvent | undefined): string | undefined {
  return typeof event?.ref === 'string' ? event.ref : undefined
}
