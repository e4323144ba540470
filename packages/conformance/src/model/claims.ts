import type { Exchange, ExchangeReply } from '@outdial/core'
import { must } from './admission.js'
import { ready, room } from './claimable.js'
import { equal } from './equal.js'
import type { ModelJob, ModelTask, World } from './world.js'

/** Judges the claims that a store gave, and makes them. */
export function judgeClaims(world: World, { claims }: Exchange, reply: ExchangeReply): void {
  const left = new Map<string, number>()
  for (const { route, max } of claims) left.set(route, (left.get(route) ?? 0) + max)
  for (const { jobId, leaseUntil, tasks } of reply.claims) {
    const job = world.jobs.get(jobId)
    if (!job) throw new Error(`a claim of job ${jobId}, which is not there`)
    const leases = claims.filter(({ route }) => route === job.route).map(({ leaseMs }) => world.now + leaseMs)
    must(leases.includes(leaseUntil), `leased until ${leaseUntil}`)
    must((left.get(job.route) ?? 0) >= tasks.length, `more claims of ${job.route} than were asked for`)
    left.set(job.route, (left.get(job.route) ?? 0) - tasks.length)
    must(
      room(world, job, 1) >= tasks.length,
      `G4: ${tasks.length} claims of ${job.id}, its limits have room for ${room(world, job, 1)}`,
    )
    for (const { claim, index, attempts, payload, memo } of tasks) {
      const task = job.tasks[index] as ModelTask
      must(
        ready(world, job, task),
        `task ${index} of ${job.id} may not be claimed: ${task.place}, job ${job.phase.state}`,
      )
      must(!world.claims.includes(claim), `claim ${claim} was given twice`)
      equal([attempts, payload, memo], [task.attempts, task.payload, task.memo], `claim ${claim}`)
      mix(world, job, task)
      task.place = 'claimed'
      task.claim = { id: claim, until: leaseUntil }
      world.claims.push(claim)
    }
    must(tasks.length > 0, 'an empty group of claims')
    job.startedAt ??= world.now
    if (job.phase.onClaim) job.phase = job.phase.onClaim
  }
}

/** While tasks that were never claimed and others both wait in a lane, both have their share of any claims in a row. */
function mix(world: World, job: ModelJob, task: ModelTask): void {
  const { freshShare: share } = job
  const waiting = job.tasks.filter((each) => each.lane === task.lane && ready(world, job, each))
  const fresh = waiting.filter(({ place }) => place === 'fresh').length
  if (fresh === 0 || fresh === waiting.length) return
  if (share === undefined) {
    must(task.place !== 'fresh', `a fresh task of ${job.id} was claimed while others were due again`)
    return
  }
  const row = [...(job.mixed.get(task.lane) ?? []), task.place === 'fresh']
  job.mixed.set(task.lane, row)
  for (let n = 1, count = 0; n <= row.length; n++) {
    if (row[row.length - n]) count++
    must(Math.abs(count - n * share) <= 1 + 1e-6, `${count} of the last ${n} claims of ${job.id} are fresh`)
  }
}
