import type { Change, Phase, Timers } from '@outdial/core'
import fc from 'fast-check'
import { draft, keptOpen, paused, queued, running, scheduled, stopped } from '../../support/phases.js'
import { must } from '../admission.js'
import { equal } from '../equal.js'
import type { Real } from '../real.js'
import { enter, follow, setLimit, settle, sweep, tick } from '../rules.js'
import { isOver, isWaiting, type ModelJob, type ModelTask, pick, visible, type World } from '../world.js'
import { Command, type Drawn } from './command.js'
import { chunks, delays, open } from './intake.js'
import { limitOfPlan, limits } from './limits.js'

const timers = fc.record({ start: delays, expiry: fc.constantFrom(0, 500, 5000, 50_000) }, { requiredKeys: [] })

const plan = fc.record({
  at: fc.nat(),
  what: fc.oneof(
    { weight: 9, arbitrary: fc.constantFrom('run' as const, 'wait' as const, 'lanes' as const) },
    {
      weight: 12,
      arbitrary: fc.constantFrom(
        'pause' as const,
        'queue' as const,
        'keep open' as const,
        'schedule' as const,
        'timers' as const,
        'cancel' as const,
        'sweep' as const,
        'end' as const,
        'weight' as const,
        'share' as const,
        'note' as const,
        'limits' as const,
        'same' as const,
      ),
    },
  ),
  timers,
  lane: fc.record({ lane: fc.nat(1), priority: fc.nat(3), shape: chunks.map(({ shape }) => shape) }),
  task: fc.nat(),
  wait: delays,
  limit: limits,
  revision: fc.constantFrom<'any' | 'right' | 'wrong'>('any', 'any', 'right', 'wrong'),
})
type Plan = typeof plan extends fc.Arbitrary<infer T> ? T : never

class Control extends Command<Plan> {
  override check(world: Readonly<World>): boolean {
    return visible(world).some(({ endedAt }) => endedAt === undefined)
  }

  async perform(world: World, real: Real): Promise<void> {
    const job = pick(
      visible(world).filter(({ endedAt }) => endedAt === undefined),
      this.plan.at,
    ) as ModelJob
    // Not the same as the one before, which would be taken for the same one repeated.
    const anew = `change ${world.made++}`
    const change: Change = { ...this.#change(world, job), ...(this.plan.wait > 1 ? { spec: anew } : { note: anew }) }
    // The store's time comes first; the revision one has read may be old by then.
    const before = (await real.storage.getJob(job.id))?.lastEvent ?? 0
    const revision = { any: undefined, right: job.revision, wrong: job.revision + 7 }[this.plan.revision]
    const call = () => real.storage.control(job.id, change, revision)
    const { phase, timers } = job
    tick(world)
    if (this.plan.revision === 'wrong') return real.refused(world, ['revision_conflict'], call)
    const changed = job.phase !== phase || job.timers !== timers
    if (this.plan.revision === 'right' && changed) return real.refused(world, ['revision_conflict'], call)
    const task = change.task && (job.tasks[change.task.index] as ModelTask | undefined)
    if (change.task && !task) return real.refused(world, ['task_not_found'], call)
    if (task && isOver(task)) return real.refused(world, ['task_ended'], call)
    if (task && !isWaiting(task)) return real.refused(world, ['task_busy'], call)

    const record = await real.twice(world, call)
    const { ref = '', id = '' } = change.task?.unlessNoted ?? {}
    if (task?.notes.includes(`${ref} ${id}`)) {
      equal(record.spec, job.spec, 'the spec after a change that was left out')
      return
    }
    must(record.lastEvent > before, 'G9: a change without an event')
    must(record.revision > job.revision, 'a change without a new revision')
    if (change.spec !== undefined) {
      job.spec = change.spec
      for (const { claim } of job.tasks) if (claim) claim.outdated = true
    }
    if (change.weight !== undefined) job.weight = change.weight
    if (change.freshShare !== undefined) share(job, change.freshShare)
    for (const limit of change.limits ?? []) setLimit(world, limit)
    for (const lane of change.lanes ?? []) {
      const known = job.lanes.find((has) => has.lane === lane.lane)
      if (known) Object.assign(known, { open: lane.open, priority: lane.priority })
    }
    if (change.timers && !job.sweep) job.timers = change.timers
    if (change.task && task) follow(world, job, task, change.task.next)
    if (change.sweep) sweep(job, change.sweep)
    if (change.phase) enter(world, job, change.phase)
    settle(world, job)
    tick(world)
    equal(record.phase, job.phase, 'the phase after a change')
  }

  #change(world: World, job: ModelJob): Change {
    const { what, wait, lane } = this.plan
    const planned: Timers = {
      ...(this.plan.timers.start !== undefined && { start: { at: world.now + this.plan.timers.start, phase: queued } }),
      ...(this.plan.timers.expiry !== undefined && {
        expiry: { at: world.now + this.plan.timers.expiry, ...stopped('expired', 'expired') },
      }),
    }
    const index = this.plan.task % (job.tasks.length + 1)
    const to = (phase: Phase): Change => (job.sweep ? { note: 'too late' } : { phase })
    switch (what) {
      case 'pause':
        return to(paused)
      case 'run':
        return to(running)
      case 'queue':
        return to(this.plan.task % 5 === 0 ? draft : queued)
      case 'keep open':
        return to(keptOpen)
      case 'same':
        return { phase: job.phase }
      case 'schedule':
        return { ...to(scheduled), timers: planned }
      case 'timers':
        return { timers: planned }
      case 'cancel':
        return job.sweep ? { note: 'too late' } : { ...stopped('canceled'), note: 'canceled' }
      case 'sweep':
        return { sweep: { terminal: 'failed', reason: 'swept' } }
      case 'lanes':
        return { lanes: [{ lane: lane.lane, name: '', priority: lane.priority, open: open(lane.shape, world.now) }] }
      case 'wait': {
        const next = { waitUntil: world.now + wait, memo: 'rescheduled' }
        const [known] = job.tasks[index]?.notes ?? []
        const [ref = `${job.id}:${index}:1:x`, id = 'unknown'] = known?.split(' ') ?? []
        return { task: { index, next, ...(this.plan.lane.lane === 0 && { unlessNoted: { ref, id } }) } }
      }
      case 'end':
        return { task: { index, next: { terminal: 'canceled', reason: 'user' } } }
      case 'weight':
        return { weight: 3 }
      case 'share':
        return { freshShare: [0, 0.4, 0.9, 1, null][this.plan.task % 5] ?? null }
      case 'limits': {
        const limit = limitOfPlan(world, this.plan.limit)
        return limit ? { limits: [limit] } : { note: 'nothing to limit' }
      }
      case 'note':
        return { note: 'note' }
    }
  }
}

function share(job: ModelJob, freshShare: number | null): void {
  job.mixed.clear()
  if (freshShare === null) delete job.freshShare
  else job.freshShare = freshShare
}

export const controls: Drawn = plan.map((drawn) => new Control(drawn))
