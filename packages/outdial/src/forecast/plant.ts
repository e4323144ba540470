import { type CallJob, type JobSeed, OutdialError, type SeedTask } from '@outdial/core'
import { seededRandom } from '@outdial/simulation'
import type { Stage } from './one-run.js'

const CHUNK = 256
const LIST_CHUNK = 5000
const BATCH = 'seed'

/** Puts what remains of a campaign into a store of its own, with its limits and lists, ready to be run. */
export async function plant({ engine, storage, clock }: Stage, seed: JobSeed): Promise<CallJob> {
  const { job, limits, lists } = seed
  await storage.open({ clock, random: seededRandom('seed') })
  await storage.setLimits(limits)
  for (const { list, edit } of lists) {
    const { add = [], ...state } = edit
    await storage.setList(list, state)
    for (let at = 0; at < add.length; at += LIST_CHUNK) {
      await storage.setList(list, { add: add.slice(at, at + LIST_CHUNK) })
    }
  }
  await storage.createJob(job)
  await storage.openBatch(job.id, BATCH, 'create')
  const remembered = await stageAll({ engine, storage, clock }, seed)
  await storage.seal(job.id, BATCH, seed.tasks.length, '{}')
  // What they have been called before counts on.
  for (const { index, waitUntil, memo } of remembered) {
    await storage.control(job.id, { task: { index, next: { waitUntil, memo } } })
  }
  const planted = await engine.calls.get(job.id)
  if (planted) return planted
  throw new OutdialError('no_contacts', 'Nobody of this campaign is left to be called.', { jobId: job.id })
}

/** Adds every contact, lane by lane. Answers where those are that have been called before. */
async function stageAll(
  { storage }: Stage,
  { job, lanes, tasks }: JobSeed,
): Promise<{ index: number; waitUntil: number; memo: string }[]> {
  const remembered: { index: number; waitUntil: number; memo: string }[] = []
  let seq = 0
  for (const lane of lanes) {
    const own = tasks.filter((task) => task.lane === lane.lane)
    for (let at = 0; at < own.length; at += CHUNK) {
      const some = own.slice(at, at + CHUNK)
      const { first } = await storage.stage(job.id, BATCH, { seq: seq++, lane, tasks: some.map(staged) })
      for (const [i, { waitUntil, memo }] of some.entries()) {
        if (memo !== undefined) remembered.push({ index: first + i, waitUntil, memo })
      }
    }
  }
  return remembered
}

function staged({ key, payload, waitUntil }: SeedTask): { key: string; payload: string; notBefore?: number } {
  return { key, payload, ...(waitUntil > 0 && { notBefore: waitUntil }) }
}
