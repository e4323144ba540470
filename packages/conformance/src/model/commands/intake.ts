import type { Chunk, LaneUpdate, Staged } from '@outdial/core'
import fc from 'fast-check'
import { equal } from '../equal.js'
import type { Real } from '../real.js'
import { settle } from '../rules.js'
import { type ModelJob, type ModelTask, pick, type World } from '../world.js'
import { Command, type Drawn } from './command.js'

interface ChunkPlan {
  lane: number
  shape: 'always' | 'closed' | 'later' | 'soon over' | 'twice'
  tasks: { key: number; wait: number }[]
}

/** Milliseconds until what is planned for later. */
export const delays: fc.Arbitrary<number> = fc.constantFrom(0, 1, 100, 1000, 5000)

/** Tasks of one lane: a few as a rule, sometimes more than one turn of a job gives. */
export const chunks: fc.Arbitrary<ChunkPlan> = fc.record({
  lane: fc.nat(1),
  shape: fc.constantFrom<'always' | 'closed' | 'later' | 'soon over' | 'twice'>(
    'always',
    'always',
    'always',
    'closed',
    'later',
    'soon over',
    'twice',
  ),
  tasks: fc.oneof(
    {
      weight: 24,
      arbitrary: fc.array(fc.record({ key: fc.nat(5), wait: fc.constantFrom<number>(0, 0, 0, 1000) }), {
        maxLength: 5,
      }),
    },
    { weight: 1, arbitrary: fc.constant(Array.from({ length: 40 }, (_, key) => ({ key, wait: 0 }))) },
  ),
})

/** Absolute intervals of a lane. */
export function open(shape: ChunkPlan['shape'], now: number): readonly number[] | null {
  if (shape === 'always') return null
  if (shape === 'closed') return []
  if (shape === 'later') return [now + 1000, now + 6000]
  if (shape === 'soon over') return [now, now + 500]
  return [now - 5000, now - 1000, now + 100, now + 1000, now + 5000, now + 1e9]
}

/** Loads a whole batch, as the engine does. */
export async function load(
  world: World,
  real: Real,
  job: ModelJob,
  key: string,
  plans: readonly ChunkPlan[],
): Promise<void> {
  await openBatch(world, real, job, key)
  for (const plan of plans) await stage(world, real, job, plan)
  await seal(world, real, job, 0)
}

async function openBatch(world: World, real: Real, job: ModelJob, key: string): Promise<void> {
  const batch = `b${world.made++}`
  const call = () => real.storage.openBatch(job.id, batch, key)
  const sealed = job.batches.find((done) => done.key === key)
  if (sealed) {
    const { batch: as, first, count, memo } = sealed
    equal(await real.twice(world, call), { status: 'sealed', batch: as, first, count, memo }, 'a batch that was sealed')
    return
  }
  if (job.sweep || job.endedAt !== undefined) return real.refused(world, ['illegal_transition'], call)
  if (job.loading && job.loading.key !== key && world.now - job.loading.touchedAt < 60_000) {
    return real.refused(world, ['batch_busy'], call)
  }
  equal(await real.twice(world, call), { status: 'open' }, 'a new batch')
  job.loading = { batch, key, touchedAt: world.now, seq: -1, tasks: [], lanes: [] }
}

async function stage(world: World, real: Real, job: ModelJob, plan: ChunkPlan): Promise<void> {
  const { loading } = job
  const lane: LaneUpdate = {
    lane: plan.lane,
    name: `lane ${plan.lane}`,
    priority: plan.lane,
    open: open(plan.shape, world.now),
  }
  const tasks = plan.tasks.map(({ key, wait }) => ({
    key: `1202555000${key}`,
    payload: `payload ${world.made++}`,
    ...(wait > 0 && { notBefore: world.now + wait }),
  }))
  const chunk: Chunk = { seq: (loading?.seq ?? -1) + 1, lane, tasks }
  const call =
    (part: Partial<Chunk> = {}) =>
    () =>
      real.storage.stage(job.id, loading?.batch ?? 'none', { ...chunk, ...part })
  if (!loading) return real.refused(world, ['batch_discarded'], call())
  if (job.sweep) return real.refused(world, ['illegal_transition', 'batch_discarded'], call())
  await real.refused(world, ['sequence_broken'], call({ seq: chunk.seq + 1 }))

  const expected: Staged & { duplicates: { position: number; of: number }[] } = {
    first: job.tasks.length + loading.tasks.length,
    accepted: 0,
    duplicates: [],
  }
  for (const [position, { key, payload, notBefore = 0 }] of tasks.entries()) {
    const known = [...job.tasks, ...loading.tasks]
    const of = job.dedupe ? known.findIndex((task) => task.key === key) : -1
    if (of >= 0) {
      expected.duplicates.push({ position, of })
      continue
    }
    expected.accepted++
    const place = notBefore > world.now ? 'deferred' : 'fresh'
    const task: ModelTask = {
      place,
      payload,
      lane: plan.lane,
      key,
      waitUntil: notBefore,
      attempts: 0,
      results: [],
      notes: [],
    }
    loading.tasks.push(task)
  }
  equal(await real.twice(world, call()), expected, 'a chunk')
  if (!loading.lanes.some((has) => has.lane === plan.lane)) loading.lanes.push(lane)
  loading.seq = chunk.seq
  loading.touchedAt = world.now
}

async function seal(world: World, real: Real, job: ModelJob, wrong: number): Promise<void> {
  const { loading } = job
  const memo = `memo ${world.made++}`
  const count = loading?.tasks.length ?? 0
  const call = () => real.storage.seal(job.id, loading?.batch ?? 'none', count + wrong, memo)
  if (!loading) return real.refused(world, ['batch_discarded'], call)
  if (job.sweep) return real.refused(world, ['illegal_transition', 'batch_discarded'], call)
  if (wrong !== 0) return real.refused(world, ['batch_incomplete'], call)
  const sealed = await real.twice(world, call)
  const first = job.tasks.length
  equal([sealed.first, sealed.count], [first, count], 'a sealed batch')
  job.tasks.push(...loading.tasks)
  for (const lane of loading.lanes) if (!job.lanes.some((has) => has.lane === lane.lane)) job.lanes.push(lane)
  delete job.loading
  job.batches.push({ key: loading.key, batch: loading.batch, first, count, memo })
  settle(world, job)
}

async function discard(world: World, real: Real, job: ModelJob): Promise<void> {
  const batch = job.loading?.batch
  await real.twice(world, () => real.storage.discard(job.id, batch ?? 'none'))
  if (batch === undefined) return
  delete job.loading
  if (job.batches.length === 0) world.jobs.delete(job.id)
  else settle(world, job)
}

const intakePlan = fc.record({
  job: fc.nat(),
  key: fc.constantFrom('k0', 'k1', 'k2'),
  what: fc.constantFrom<'open' | 'stage' | 'seal' | 'discard' | 'all'>(
    'open',
    'stage',
    'stage',
    'seal',
    'discard',
    'all',
  ),
  chunk: chunks,
  wrong: fc.constantFrom(0, 0, 0, 1),
})
type IntakePlan = typeof intakePlan extends fc.Arbitrary<infer T> ? T : never

class Intake extends Command<IntakePlan> {
  override check(world: Readonly<World>): boolean {
    return world.jobs.size > 0
  }
  async perform(world: World, real: Real): Promise<void> {
    const { what, key, chunk, wrong } = this.plan
    const job = pick([...world.jobs.values()], this.plan.job) as ModelJob
    if (what === 'open') return openBatch(world, real, job, key)
    if (what === 'stage') return stage(world, real, job, chunk)
    if (what === 'seal') return seal(world, real, job, wrong)
    if (what === 'discard') return discard(world, real, job)
    if (!job.loading && !job.sweep && job.endedAt === undefined && !job.batches.some((done) => done.key === key)) {
      await load(world, real, job, key, [chunk])
    }
  }
}

export const intakes: Drawn = intakePlan.map((plan) => new Intake(plan))
