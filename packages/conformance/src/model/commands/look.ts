import fc from 'fast-check'
import { must } from '../admission.js'
import { equal } from '../equal.js'
import type { Real } from '../real.js'
import { isLive, isOver, isWaiting, type ModelJob, pick, visible, type World } from '../world.js'
import { Command, type Drawn } from './command.js'

const overduePlan = fc.record({
  routes: fc.constantFrom(['r1'] as const, ['r1', 'r2'] as const),
  max: fc.integer({ min: 1, max: 3 }),
  snooze: fc.constantFrom(100, 2000),
})

/** Looks for attempts that somebody has to look at. */
class Overdue extends Command<typeof overduePlan extends fc.Arbitrary<infer T> ? T : never> {
  async perform(world: World, real: Real): Promise<void> {
    const { routes, max, snooze } = this.plan
    const late = [...world.jobs.values()]
      .filter((job) => routes.some((route) => route === job.route))
      .flatMap(({ tasks }) => tasks.flatMap(({ live }) => (live && live.checkAt <= world.now ? [live] : [])))
    const found = await real.storage.overdue({ routes, max, snooze })
    const given = found.map(({ ref }) => late.find((live) => live.ref === ref))
    must(
      given.every((live) => live !== undefined),
      'handed out what nobody has to look at',
    )
    equal(given.length, Math.min(max, late.length), 'how many are overdue')
    equal(new Set(found.map(({ ref }) => ref)).size, found.length, 'handed out twice')
    const oldest = late.map(({ checkAt }) => checkAt).sort((a, b) => a - b)
    equal(
      given.map((live) => live?.checkAt),
      oldest.slice(0, max),
      'oldest first',
    )
    for (const live of given) if (live) live.checkAt = world.now + snooze
  }
}
export const overdues: Drawn = overduePlan.map((drawn) => new Overdue(drawn))

/** Reads what can be read one by one and in pages. */
class Read extends Command<{ at: number; max: number }> {
  async perform(world: World, real: Real): Promise<void> {
    const { storage } = real
    const { at, max } = this.plan
    const jobs = visible(world)
    const listed: string[] = []
    for (let cursor: string | undefined, more = true; more; more = cursor !== undefined) {
      const page = await storage.listJobs({
        organization: 'acme',
        states: ['running', 'completed'],
        max,
        ...(cursor !== undefined && { cursor }),
      })
      must(page.items.length <= max, 'too many')
      listed.push(...page.items.map(({ id }) => id))
      cursor = page.cursor
    }
    const expected = jobs.filter(
      ({ organization, phase }) => organization === 'acme' && ['running', 'completed'].includes(phase.state),
    )
    equal(
      listed,
      expected.map(({ id }) => id),
      'jobs, page by page',
    )

    const job = pick(jobs, at)
    if (!job) return equal(await storage.getJob('none'), undefined, 'no job')
    const indexes: number[] = []
    for (let cursor: string | undefined, more = true; more; more = cursor !== undefined) {
      const page = await storage.scanTasks(job.id, {
        places: ['fresh', 'canceled', 'unknown'],
        max,
        ...(cursor !== undefined && { cursor }),
      })
      indexes.push(...page.items.map(({ index }) => index))
      cursor = page.cursor
    }
    const wanted = job.tasks.flatMap(({ place }, index) =>
      ['fresh', 'canceled', 'unknown'].includes(place) ? [index] : [],
    )
    equal(indexes, wanted, 'tasks, page by page')
    equal(await storage.getTask(job.id, job.tasks.length), undefined, 'a task that is not there')
    if (!job.dedupe) return
    for (const [index, { key }] of job.tasks.entries())
      equal(await storage.findTask(job.id, key ?? ''), index, 'a task by its key')
    equal(await storage.findTask(job.id, '19999999999'), undefined, 'a task by a key it has not')
  }
}
export const reads: Drawn = fc
  .record({ at: fc.nat(), max: fc.integer({ min: 1, max: 4 }) })
  .map((drawn) => new Read(drawn))

/** Removes a job, or what is known of one of its tasks. */
class Remove extends Command<{ at: number; task: number; whole: boolean }> {
  override check(world: Readonly<World>): boolean {
    return visible(world).length > 0
  }
  async perform(world: World, real: Real): Promise<void> {
    const job = pick(visible(world), this.plan.at) as ModelJob
    const { storage } = real
    if (this.plan.whole) {
      if (job.endedAt === undefined) return real.refused(world, ['job_not_ended'], () => storage.purge(job.id))
      await real.twice(world, () => storage.purge(job.id))
      world.jobs.delete(job.id)
      must((await storage.getJob(job.id)) === undefined, 'a job that was purged is there')
      return
    }
    const index = this.plan.task % (job.tasks.length + 1)
    const call = () => storage.redact(job.id, index)
    const task = job.tasks[index]
    if (!task) return real.refused(world, ['task_not_found'], call)
    if (isWaiting(task) || isLive(task) || !isOver(task)) return real.refused(world, ['task_not_ended'], call)
    await real.twice(world, call)
    task.payload = ''
    task.results = []
    delete task.memo
    for (const { entry } of world.ledger) if (entry.jobId === job.id && entry.index === index) entry.data = ''
  }
}
export const removals: Drawn = fc
  .record({ at: fc.nat(), task: fc.nat(), whole: fc.boolean() })
  .map((drawn) => new Remove(drawn))
