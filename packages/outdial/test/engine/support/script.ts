import { type CallJob, isOutdialError, type ScopeLimits, type SuppressionScope } from 'outdial'
import { listed } from './check-changes.js'
import { budgetChanges } from './check-money.js'
import { numberChanges } from './check-numbers.js'
import type { PlannedJob, PlannedPolicy, PlannedRow } from './plan.js'
import type { Action } from './plan-actions.js'
import type { PlannedScope } from './plan-changes.js'
import type { NumberLimits } from './plan-guards.js'
import { CALLER_IDS } from './plan-jobs.js'
import type { PolicyChange } from './policy-book.js'
import { StoreDown } from './watched-storage.js'
import { type World, windowOptions } from './world.js'

type JobSpec = Awaited<ReturnType<CallJob['snapshot']>>['spec']

/** What a user may be told when a job, or a task, is not where a script of chance supposes it. */
const EXPECTED = new Set([
  'illegal_transition',
  'task_busy',
  'task_ended',
  'task_not_found',
  'batch_busy',
  'batch_discarded',
  'not_supported',
  'no_contacts',
  'engine_stopped',
  'revision_conflict',
])

/** Plays the script of a run, and helps everything to its end afterwards. */
export class Script {
  readonly #world: World
  readonly ids: (string | undefined)[]
  /** Rows added to each job by appends that were confirmed. */
  readonly appended: PlannedRow[][]
  /** Jobs whose hours were changed to a few minutes. */
  readonly #narrowed: ReadonlySet<number>
  readonly #lastAppend: (Extract<Action, { do: 'append' }> | undefined)[]

  constructor(world: World) {
    this.#world = world
    this.#narrowed = new Set(world.plan.actions.flatMap((action) => (action.do === 'window' ? [action.job] : [])))
    this.ids = world.plan.jobs.map(() => undefined)
    this.appended = world.plan.jobs.map(() => [])
    this.#lastAppend = world.plan.jobs.map(() => undefined)
  }

  async play(): Promise<void> {
    const { plan, clock } = this.#world
    for (let i = 0; i < plan.engines; i++) await this.#try('start', () => this.#world.launch(i))
    for (const [i, job] of plan.jobs.entries()) clock.setTimeout(() => void this.#create(i, job), job.createAt)
    for (const action of plan.actions) clock.setTimeout(() => void this.#do(action), action.at)
    await this.#world.sleep(plan.calmAt)
  }

  /** Engines run, nothing is paused or left as a draft, and carriers and store behave, until all jobs are over. */
  async finish(): Promise<void> {
    const world = this.#world
    const { plan } = world
    world.calm()
    for (const carrier of Object.values(world.carriers)) carrier.setFaults({})
    for (let i = 0; i < plan.engines; i++) world.crash(i, false)
    await this.#try('start', () => world.launch(0))
    for (const [i, job] of plan.jobs.entries()) await this.#create(i, job)
    for (const [i, last] of this.#lastAppend.entries()) if (last) await this.#append(i, last)
    for (let hour = 0; hour < 24 * 7; hour++) {
      if (await this.#allOver()) return
      await world.sleep(hour < 4 ? 900_000 : 3_600_000)
    }
    for (const id of world.jobIds) {
      const job = await world.memory.getJob(id)
      if (job && job.endedAt === undefined) world.complain('G3', `${id} has not ended: ${JSON.stringify(job)}`)
    }
  }

  async #allOver(): Promise<boolean> {
    let over = true
    for (const i of this.ids.keys()) {
      await this.#on(i, undefined, async (job) => {
        const { state, spec } = await job.snapshot()
        if (['completed', 'failed', 'canceled', 'expired'].includes(state)) return
        over = false
        if (state === 'paused' || state === 'running') await this.#lift(job, spec)
        if (state === 'paused') await job.resume()
        if (state === 'draft') await job.start()
        if (state === 'pending_review') await job.approve()
        if (spec.keepOpen && state !== 'canceling') await job.close()
        if (state !== 'running' || spec.kind !== 'calls') return
        await job.update({ cps: 10, concurrency: 20 })
        // What was left open for a minute a day would take weeks.
        if (this.#narrowed.has(i)) await this.#update(job, { window: null })
      })
    }
    const everything = { concurrency: null, cps: null } as const
    const engine = this.#world.engine()
    await engine?.setLimits({ everything: true }, everything)
    for (const organization of ['acme', 'globex']) {
      await engine?.setLimits({ organization }, everything)
      const none = { concurrency: null, perDay: null }
      for (const number of CALLER_IDS) {
        await this.#try('numbers', () => this.#limitNumber(undefined, organization, number, none))
      }
    }
    return over
  }

  /** A job that has spent what it may would wait for somebody to give it more. */
  async #lift(job: CallJob, spec: JobSpec): Promise<void> {
    if (spec.kind === 'calls' && spec.budget) await this.#update(job, { budget: null })
  }

  async #do(action: Action): Promise<void> {
    const world = this.#world
    const at = action.engine
    if (action.do === 'faults') return world.carriers[action.carrier]?.setFaults(action.faults)
    if (action.do === 'crash') {
      world.crash(at, action.hard)
      await world.sleep(action.downFor)
      return this.#try('start', () => world.launch(at))
    }
    if (action.do === 'stop') {
      await this.#try('stop', () => world.stop(at, action.drain))
      await world.sleep(action.downFor)
      return this.#try('start', () => world.launch(at))
    }
    if (action.do === 'numbers') {
      return this.#try('numbers', () => this.#limitNumber(at, action.organization, action.callerId, action.limits))
    }
    if (action.do === 'limits' && 'callerId' in action.scope) {
      const { organization, callerId } = action.scope
      return this.#try('limits', () => this.#limitNumber(at, organization, callerId, action.limits))
    }
    if (action.do === 'limits') {
      return this.#try('limits', async () => world.engine(at)?.setLimits(action.scope, action.limits))
    }
    if ('numbers' in action) return this.#try('list', () => this.#list(action))
    if (action.do === 'create again') return this.#create(action.job, world.plan.jobs[action.job] as PlannedJob)
    if (action.do === 'append') {
      this.#lastAppend[action.job] ??= action
      return this.#append(action.job, this.#lastAppend[action.job] as typeof action)
    }
    if (action.do === 'append again') {
      const last = this.#lastAppend[action.job]
      return last && this.#append(action.job, last)
    }
    await this.#on(action.job, at, async (job) => {
      if (action.do === 'pause') await job.pause()
      if (action.do === 'resume') await job.resume()
      if (action.do === 'close') await job.close()
      if (action.do === 'cancel') await job.cancel({ hangUp: action.hangUp })
      if (action.do === 'reschedule') await job.schedule(world.clock.now() + action.in)
      if (action.do === 'cancel task') await job.cancelTask(action.index)
      if (action.do === 'skip task') await job.skipTask(action.index)
      if (action.do === 'update') await this.#update(job, action.policy)
      if (action.do === 'window') await this.#update(job, { window: action.window })
      if (action.do === 'caps') await this.#update(job, { caps: action.caps })
      if (action.do === 'budget') await this.#update(job, { budget: action.budget })
      if (action.do === 'cooldowns') await this.#update(job, { cooldowns: action.cooldowns })
      if (action.do === 'callerIds') {
        const { organization, from } = world.plan.jobs[action.job] as PlannedJob
        const { callerIds } = action
        await this.#changed(numberChanges(organization, from, callerIds), () => job.update({ callerIds }))
      }
    })
  }

  /** Limits of one number, of whichever campaigns. */
  async #limitNumber(
    at: number | undefined,
    organization: string,
    callerId: string,
    limits: NumberLimits,
  ): Promise<void> {
    const engine = this.#world.engine(at)
    if (!engine) return
    const changes = numberChanges(organization, [callerId], limits)
    await this.#changed(changes, () => engine.setLimits({ organization, callerId }, limits as ScopeLimits))
  }

  async #update(job: CallJob, { window, ...policy }: PlannedPolicy): Promise<void> {
    const changes: PolicyChange[] = []
    if (window !== undefined) changes.push({ of: `window ${job.id}`, window })
    if (policy.caps !== undefined) changes.push({ of: `caps ${job.id}`, caps: policy.caps })
    if (policy.cooldowns !== undefined) changes.push({ of: `cooldowns ${job.id}`, cooldowns: policy.cooldowns })
    if (policy.budget !== undefined) changes.push(...budgetChanges(job.id, policy.budget))
    const options = { ...policy, ...(window !== undefined && { window: window && windowOptions(window) }) }
    await this.#changed(changes, () => job.update(options))
  }

  async #list({
    do: edit,
    engine: at,
    scope,
    numbers,
  }: Extract<Action, { numbers: readonly string[] }>): Promise<void> {
    const engine = this.#world.engine(at)
    const named = this.#scope(scope)
    if (!engine || !named) return
    const add = edit === 'suppress'
    const whose = 'job' in named ? named.job : 'organization' in named ? named.organization : 'everything'
    const changes = [...new Set(numbers)].map((number) => ({ of: listed(whose, number), listed: add }))
    const lists = engine.suppression
    await this.#changed(changes, () => (add ? lists.add(numbers, named) : lists.remove(numbers, named)))
  }

  /** Whose list is meant, if that job exists yet. */
  #scope(scope: PlannedScope): SuppressionScope | undefined {
    if (!('job' in scope)) return scope
    const job = this.ids[scope.job]
    return job === undefined ? undefined : { job }
  }

  /** Makes a change, and has the judge know when it was asked for and when it was heard of. */
  async #changed(changes: readonly PolicyChange[], make: () => Promise<unknown>): Promise<void> {
    const tell = (kind: 'asked' | 'heard' | 'refused') => {
      const at = this.#world.clock.now()
      this.#world.steps.add(() => changes.map((change) => ({ at, kind, change })))
    }
    tell('asked')
    try {
      await make()
    } catch (error) {
      if (isOutdialError(error)) tell('refused')
      throw error
    }
    tell('heard')
  }

  async #create(i: number, planned: PlannedJob): Promise<void> {
    await this.#try('create', async () => {
      const engine = this.#world.engine()
      if (!engine) return
      const job = await this.#world.create(engine, planned)
      const known = this.ids[i]
      if (known !== undefined && known !== job.id) this.#world.complain('G10', `created twice: ${known} and ${job.id}`)
      if (known !== undefined && !job.replayed) this.#world.complain('G10', `made anew: ${known}`)
      this.ids[i] = job.id
    })
  }

  async #append(i: number, action: Extract<Action, { do: 'append' }>): Promise<void> {
    await this.#on(i, undefined, async (job) => {
      const { replayed } = await job.append(
        [...action.rows].map((row) => ({ ...row })),
        { idempotencyKey: action.key },
      )
      const first = this.appended[i]?.length === 0
      if (first) this.appended[i] = [...action.rows]
      else if (!replayed) this.#world.complain('G10', `appended twice: ${action.key}`)
    })
  }

  async #on(i: number, position: number | undefined, what: (job: CallJob) => Promise<void>): Promise<void> {
    await this.#try('control', async () => {
      const id = this.ids[i]
      const job = id === undefined ? undefined : await this.#world.engine(position)?.calls.get(id)
      if (job) await what(job)
    })
  }

  async #try(what: string, run: () => Promise<unknown>): Promise<void> {
    try {
      await run()
    } catch (error) {
      if (error instanceof StoreDown) return
      if (isOutdialError(error) && EXPECTED.has(error.code)) return
      // A request that was never answered may be repeated so late that nothing is left of it.
      if (isOutdialError(error, 'invalid_schedule') && what === 'create' && this.#world.crashes > 0) return
      this.#world.complain('API', `${what} threw ${error instanceof Error ? error.stack : String(error)}`)
    }
  }
}
