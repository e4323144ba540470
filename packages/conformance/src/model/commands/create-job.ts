import type { Gate, Limit, NewJob, Phase, Timers } from '@outdial/core'
import fc from 'fast-check'
import { gatesOf, newJob } from '../../support/jobs.js'
import { draft, paused, queued, scheduled, stopped } from '../../support/phases.js'
import { must } from '../admission.js'
import { equal } from '../equal.js'
import type { Real } from '../real.js'
import { setLimit } from '../rules.js'
import type { ModelJob, World } from '../world.js'
import { Command, type Drawn } from './command.js'
import { chunks, delays, load } from './intake.js'

export const ROUTES = ['r1', 'r2'] as const
export const ORGANIZATIONS = ['acme', 'globex', 'umbrella'] as const

/** Not there, as a rule. */
function rarely<T>(arbitrary: fc.Arbitrary<T>): fc.Arbitrary<T | undefined> {
  return fc.oneof({ weight: 4, arbitrary: fc.constant(undefined) }, { weight: 1, arbitrary })
}

const plan = fc.record({
  organization: fc.constantFrom(...ORGANIZATIONS),
  route: fc.constantFrom('r1' as const, 'r1' as const, 'r2' as const),
  key: rarely(fc.constantFrom('i0', 'i1')),
  fingerprint: fc.constantFrom('f0', 'f0', 'f0', 'f1'),
  phase: fc.oneof(
    { weight: 6, arbitrary: fc.constant('queued' as const) },
    { weight: 2, arbitrary: fc.constantFrom('scheduled' as const, 'draft' as const, 'paused' as const) },
  ),
  startIn: delays,
  expiryIn: rarely(fc.constantFrom(100, 5000, 20_000, 90_000)),
  weight: fc.constantFrom(1, 2, 5),
  /** Its only caller id, which is a gate then. Others choose among several when they dial. */
  callerId: rarely(fc.constantFrom('cid1', 'cid2')),
  dedupe: fc.boolean(),
  freshShare: rarely(fc.constantFrom(0, 0.3, 0.5, 1)),
  slots: rarely(fc.integer({ min: 0, max: 3 })),
  rate: rarely(fc.constantFrom(0.5, 2, 20)),
  seal: fc.constantFrom(true, true, true, true, true, false),
  chunks: fc.array(chunks, { minLength: 1, maxLength: 3 }),
})
type Plan = typeof plan extends fc.Arbitrary<infer T> ? T : never

const PHASES: Record<Plan['phase'], Phase> = { queued, scheduled, draft, paused }

class CreateJob extends Command<Plan> {
  override check(world: Readonly<World>): boolean {
    return world.jobs.size < 6
  }

  async perform(world: World, real: Real): Promise<void> {
    const { organization, route, key, fingerprint, phase, startIn, expiryIn, weight, dedupe, freshShare } = this.plan
    const share = freshShare === undefined ? {} : { freshShare }
    const id = `j${world.made++}`
    const timers: Timers = {
      ...(phase === 'scheduled' && { start: { at: world.now + startIn, phase: queued } }),
      ...(expiryIn !== undefined && { expiry: { at: world.now + expiryIn, ...stopped('expired', 'expired') } }),
    }
    const job: NewJob = newJob({
      id,
      organization,
      route,
      spec: `spec of ${id}`,
      fingerprint,
      weight,
      organizationWeight: 1,
      gates: this.#gates(id),
      limits: this.#limits(id),
      dedupe,
      phase: PHASES[phase],
      timers,
      ...share,
      ...(key !== undefined && { idempotencyKey: key }),
    })
    const call = () => real.storage.createJob(job)
    const known = [...world.jobs.values()].find(
      (other) => key !== undefined && other.organization === organization && other.idempotencyKey === key,
    )
    if (known) return this.#again(world, real, known, call)

    const created = await call()
    equal([created.job.id, created.replayed, created.sealed], [id, false, false], 'a new job')
    const made: ModelJob = {
      id,
      organization,
      route,
      idempotencyKey: key,
      fingerprint,
      weight,
      spec: job.spec,
      dedupe,
      gates: job.gates,
      phase: job.phase,
      timers,
      tasks: [],
      lanes: [],
      batches: [],
      outcomes: {},
      fenced: 0,
      placed: 0,
      revision: 0,
      mixed: new Map(),
      ...share,
    }
    world.jobs.set(id, made)
    for (const limit of job.limits) setLimit(world, limit)
    const again = await real.twice(world, call)
    equal(again, { ...created, replayed: true }, 'the same job again')
    if (this.plan.seal) await load(world, real, made, 'first', this.plan.chunks)
  }

  #gates(id: string): Gate[] {
    const { organization, route, callerId } = this.plan
    const [own, ...others] = gatesOf(id, organization, route) as [Gate, ...Gate[]]
    if (callerId === undefined) return [own, ...others]
    return [own, { blocks: 'job', slots: `slots:${callerId}`, rate: `rate:${callerId}` }, ...others]
  }

  #limits(id: string): Limit[] {
    const { slots, rate } = this.plan
    return [
      ...(slots === undefined ? [] : [{ key: `slots:${id}`, revision: 1, slots }]),
      ...(rate === undefined ? [] : [{ key: `rate:${id}`, revision: 1, rate, burst: 2 }]),
    ]
  }

  async #again(
    world: World,
    real: Real,
    known: ModelJob,
    call: () => ReturnType<Real['storage']['createJob']>,
  ): Promise<void> {
    if (known.fingerprint !== this.plan.fingerprint) return real.refused(world, ['idempotency_conflict'], call)
    const { job, replayed, sealed } = await real.twice(world, call)
    equal([job.id, replayed, sealed], [known.id, true, known.batches.length > 0], 'a job made before')
    must(known.organization === this.plan.organization, 'the job of somebody else')
  }
}

export const creations: Drawn = plan.map((drawn) => new CreateJob(drawn))
