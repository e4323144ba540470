import {
  type CallJob,
  createEngine,
  type Engine,
  memoryStorage,
  type SimulatedCarrier,
  type Storage,
  seededIds,
  seededRandom,
  simulatedCarrier,
  type VirtualClock,
  virtualClock,
} from 'outdial'
import { CheckCalls } from './check-calls.js'
import { CheckChanges } from './check-changes.js'
import { CheckCooldowns } from './check-cooldowns.js'
import { CheckCounts } from './check-counts.js'
import { CheckLimits } from './check-limits.js'
import { CheckMoney } from './check-money.js'
import { CheckNumbers } from './check-numbers.js'
import { CheckPolicy } from './check-policy.js'
import { Draw } from './draw.js'
import { Grounds } from './grounds.js'
import type { Plan, PlannedJob, PlannedWindow } from './plan.js'
import { Steps } from './steps.js'
import { type Line, WatchedStore } from './watched-storage.js'

const DAY_NAMES = ['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun'] as const

/** One engine and its line to the store. */
interface Running {
  engine: Engine
  line: Line
}

/** Everything of one run: the clock, the store, the carriers, the engines, and those who watch them. */
export class World {
  readonly plan: Plan
  readonly clock: VirtualClock
  /** The store itself, without trouble and unwatched. */
  readonly memory: Storage
  readonly carriers: Readonly<Record<string, SimulatedCarrier>>
  readonly steps: Steps
  readonly calls: CheckCalls
  readonly changes: CheckChanges
  readonly violations: string[] = []
  /** What engines told, for the transcript. */
  readonly told: string[] = []
  readonly tellings: Map<string, number> = new Map()
  crashes = 0
  readonly #store: WatchedStore
  readonly #draw: Draw
  readonly #engines: (Running | undefined)[]
  #made = 0
  #calm = false

  constructor(plan: Plan, make: (clock: VirtualClock) => Storage = () => memoryStorage({ events: 1_000_000 })) {
    this.plan = plan
    this.#draw = new Draw(`trouble ${plan.seed}`)
    this.clock = virtualClock({ start: plan.start, autoAdvance: true })
    this.memory = make(this.clock)
    const complain = (guarantee: string, message: string) => this.complain(guarantee, message)
    const grounds = new Grounds(complain, plan)
    this.calls = new CheckCalls(grounds)
    this.changes = new CheckChanges(grounds)
    const checks = [
      // Before those who go by it.
      grounds,
      this.calls,
      this.changes,
      new CheckCooldowns(grounds),
      new CheckMoney(grounds, plan),
      new CheckNumbers(grounds),
      new CheckCounts(complain),
      new CheckLimits(complain),
      new CheckPolicy(grounds),
    ]
    this.steps = new Steps(checks)
    this.#store = new WatchedStore(this.memory, this.clock, this.steps, plan.batch)
    this.carriers = Object.fromEntries(
      plan.carriers.map(({ name, options }) => {
        const onLedger: NonNullable<typeof options.onLedger> = (entry) =>
          this.steps.add(() => [{ at: entry.at, kind: 'carrier', route: name, entry }])
        return [name, simulatedCarrier({ ...options, clock: this.clock, onLedger })]
      }),
    )
    this.#engines = Array.from({ length: plan.engines }, () => undefined)
  }

  get jobIds(): readonly string[] {
    return this.#store.jobIds
  }

  complain(guarantee: string, message: string): void {
    if (this.violations.length < 20) {
      this.violations.push(`${guarantee} at ${new Date(this.clock.now()).toISOString()}: ${message}`)
    }
  }

  /** Takes all trouble with the store away. */
  calm(): void {
    this.#calm = true
  }

  sleep(ms: number): Promise<void> {
    return new Promise((resolve) => void this.clock.setTimeout(resolve, ms))
  }

  /** Makes and starts an engine at a position that has none. */
  async launch(position: number): Promise<void> {
    if (this.#engines[position]) return
    const number = this.#made++
    const { seed, trouble, placeAtOnce, guards } = this.plan
    const { perMinute, quarantine } = guards
    const rate = perMinute !== undefined && { default: { perMinute, billing: '60/60' as const } }
    const rates = rate && Object.fromEntries(Object.keys(this.carriers).map((route) => [route, rate]))
    const none = { failBefore: 0, failAfter: 0, sendTwice: 0, latency: 0, late: 0, lateBy: 0, failRead: 0 }
    const line = this.#store.line(this.#draw, this.#calm ? none : trouble)
    const engine = createEngine({
      storage: line.storage,
      carriers: this.carriers,
      clock: this.clock,
      ids: seededIds(`ids ${seed} ${number}`),
      random: seededRandom(`random ${seed} ${number}`),
      placeAtOnce,
      quarantine,
      ...(rates && { rates }),
      zones: false,
    }) as unknown as Engine
    this.#listen(engine, number)
    this.#engines[position] = { engine, line }
    await engine.start()
  }

  /** Ends an engine as a crash does: `hard`, and nothing of it goes on; else as `abandon` does it. */
  crash(position: number, hard: boolean): void {
    const running = this.#engines[position]
    if (!running) return
    this.crashes++
    this.#engines[position] = undefined
    if (hard) running.line.cut()
    void running.engine.abandon()
  }

  async stop(position: number, drain: number): Promise<void> {
    const running = this.#engines[position]
    if (!running) return
    this.#engines[position] = undefined
    const asked = this.clock.now()
    await running.engine.stop({ drain })
    // An answer of the store may be under way, and is waited for.
    const late = this.clock.now() - asked - drain
    if (late > 40_000) this.complain('stop', `stopping took ${late} ms longer than its drain of ${drain} ms`)
  }

  /** An engine that runs, if any does. */
  engine(position?: number): Engine | undefined {
    const running = position === undefined ? undefined : this.#engines[position]
    return (running ?? this.#engines.find((other) => other !== undefined))?.engine
  }

  create(engine: Engine, job: PlannedJob): Promise<CallJob> {
    const { window, ...policy } = job.policy
    return engine.calls.create({
      ...policy,
      ...(window && { window: windowOptions(window) }),
      name: job.key,
      organization: job.organization,
      carrier: job.carrier as never,
      from: job.from,
      contacts: job.rows.map((row) => ({ ...row })),
      timezone: job.timezone,
      start: job.start,
      review: job.review,
      keepOpen: job.keepOpen,
      idempotencyKey: job.key,
      ...(job.expiresAt !== undefined && { expires: job.expiresAt }),
    }) as Promise<CallJob>
  }

  #listen(engine: Engine, number: number): void {
    const hear = (name: string, key: string) => {
      const what = `${name} ${key}`
      this.tellings.set(what, (this.tellings.get(what) ?? 0) + 1)
      this.told.push(`${this.clock.now()} ${number} ${what}`)
    }
    engine.on('job.changed', ({ jobId, state }) => hear('job.changed', `${jobId} ${state}`))
    engine.on('job.ended', ({ jobId }) => hear('job.ended', jobId))
    engine.on('task.ended', ({ task, state, reason }) =>
      hear('task.ended', `${task.jobId}:${task.index} ${state} ${reason}`),
    )
    engine.on('call.fenced', ({ call }) => hear('call.fenced', call.ref))
    engine.on('call.ended', ({ call }) => hear('call.ended', `${call.ref} ${call.outcome}`))
    engine.on('call.unknown', ({ call }) => hear('call.unknown', call.ref))
    engine.on('call.orphaned', ({ ref }) => hear('call.orphaned', ref))
    engine.on('call.corrected', ({ ref }) => hear('call.corrected', ref))
    engine.on('callerId.closed', ({ organization, number, until, reason }) => {
      hear('callerId.closed', `${organization} ${number} ${reason}`)
      const at = this.clock.now()
      this.steps.add(() => [{ at, kind: 'closed number', organization, number, until }])
    })
    engine.on('listener.failed', ({ error }) => this.complain('events', String(error)))
  }
}

/** A planned window as options. */
export function windowOptions({ hours, days, timezone }: PlannedWindow) {
  return {
    hours: hours.map(([from, to]) => `${from}-${to}`).join(','),
    days: days.map((day) => DAY_NAMES[day] as (typeof DAY_NAMES)[number]),
    ...(timezone !== undefined && { timezone }),
  }
}
