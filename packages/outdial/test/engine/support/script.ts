import { type CallJob, isOutdialError } from 'outdial'
import type { PlannedJob, PlannedRow } from './plan.js'
import type { Action } from './plan-actions.js'
import { StoreDown } from './watched-storage.js'
import { type World, windowOptions } from './world.js'

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
  readonly #lastAppend: (Extract<Action, { do: 'append' }> | undefined)[]

  constructor(world: World) {
    this.#world = world
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
        if (state === 'paused') await job.resume()
        if (state === 'draft') await job.start()
        if (state === 'pending_review') await job.approve()
        if (spec.keepOpen && state !== 'canceling') await job.close()
        if (state === 'running' && spec.kind === 'calls') await job.update({ cps: 10, concurrency: 20 })
      })
    }
    const everything = { concurrency: null, cps: null } as const
    const engine = this.#world.engine()
    await engine?.setLimits({ everything: true }, everything)
    for (const organization of ['acme', 'globex']) await engine?.setLimits({ organization }, everything)
    return over
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
    if (action.do === 'limits') {
      return this.#try('limits', async () => world.engine(at)?.setLimits(action.scope, action.limits))
    }
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
      if (action.do === 'update') {
        const { window, ...policy } = action.policy
        await job.update({ ...policy, ...(window !== undefined && { window: window && windowOptions(window) }) })
      }
    })
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
