import type { Fence, Phase, Report } from '@outdial/core'
import { must } from './admission.js'
import { ROUTES } from './commands/create-job.js'
import type { Real } from './real.js'
import { heldClaims, notesOf, visible, type World } from './world.js'

/**
 * Takes every limit away, lets every job run, dials what can be dialed and ends every call: whatever happened before,
 * each job comes to its end and has lost nobody (guarantee G3). The model only looks on.
 */
export async function finish(world: World, real: Real): Promise<void> {
  const { storage, session } = real
  for (const channel of [...real.watchers.keys()]) real.unwatch(channel)
  const revision = 1_000_000
  await storage.setLimits([...world.limits.keys()].map((key) => ({ key, revision, none: true })))
  for (const { id, sweep, lanes, endedAt, loading } of visible(world)) {
    if (loading) await storage.discard(id, loading.batch)
    const job = await storage.getJob(id)
    if (endedAt !== undefined || job?.endedAt !== undefined) continue
    const completed = { state: 'completed', dialable: false }
    const phase: Phase =
      sweep || job?.sweep ? (job?.phase ?? completed) : { state: 'running', dialable: true, onDrained: completed }
    await storage.control(id, {
      timers: {},
      phase: { ...phase, onDrained: phase.onDrained ?? completed },
      lanes: lanes.map((lane) => ({ ...lane, open: null })),
    })
  }

  const live = new Set((await storage.load(world.refs)).flatMap((record) => (record ? [record.ref] : [])))
  let claims: string[] = heldClaims(world)
  const tasks = visible(world).reduce((sum, job) => sum + job.tasks.length, 0)
  for (let seq = 1, idle = 0; idle < 100 && seq < tasks * 3 + 100; seq++) {
    const reports: Report[] = [...live].map((ref) => ({
      kind: 'close',
      ref,
      placed: true,
      outcome: 'answered',
      result: 'at last',
      next: { terminal: 'succeeded', reason: 'answered' },
      heard: notesOf(world, ref),
    }))
    const fences: Fence[] = claims.map((claim) => ({
      claim,
      all: [],
      anyOf: [],
      absent: [],
      until: Number.POSITIVE_INFINITY,
      checkAfter: 1000,
      memo: '',
    }))
    const wanted = ROUTES.map((route) => ({ route, max: 50, leaseMs: 20_000 }))
    const reply = await storage.exchange({ channel: 'finish', seq, reports, fences, claims: wanted })
    live.clear()
    for (const fenced of reply.fences) if (fenced.status === 'fenced') live.add(fenced.ref)
    claims = reply.claims.flatMap((group) => group.tasks.map(({ claim }) => claim))
    if (live.size > 0 || claims.length > 0) continue
    idle++
    if (reply.wakeAt === Number.POSITIVE_INFINITY) break
    await session.passUntil(reply.wakeAt)
  }

  for (const { id } of visible(world)) {
    const job = await storage.getJob(id)
    const open =
      job && job.counts.fresh + job.counts.deferred + job.counts.claimed + job.counts.active + job.counts.unknown
    must(job?.endedAt !== undefined && open === 0, `${id} never ends: ${JSON.stringify(job)}`)
  }
}
