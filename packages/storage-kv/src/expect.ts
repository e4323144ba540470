import type { Chunk, Exchange } from '@outdial/core'
import * as layout from './layout.js'
import type { Unit } from './unit.js'

/*
 * A rule asks for one record after the other. Where each has a way to go, those that are bound to be asked for are named
 * beforehand and fetched together. Nothing here changes what a rule does.
 */

/** What an exchange is about: first the jobs and live attempts it names, then the tasks. */
export function expectExchange(unit: Unit, { channel, reports, fences }: Exchange): void {
  const refs: string[] = []
  const members = fences.flatMap(({ absent }) => [...absent])
  const tasks: { jobId: string; index: number }[] = []
  for (const told of reports) {
    if ('ref' in told) refs.push(told.ref)
    if ('enlist' in told) members.push(...(told.enlist ?? []))
    tasks.push(taskOf('ref' in told ? told.ref : told.claim))
  }
  for (const { claim } of fences) tasks.push(taskOf(claim))
  const jobs = new Set(tasks.map(({ jobId }) => jobId))
  unit.reads.expect([
    layout.META,
    layout.replyKey(channel),
    ...[...jobs].map(layout.jobKey),
    ...refs.map(layout.liveKey),
    ...fences.flatMap(({ all, anyOf }) =>
      [...all, ...anyOf.flat()].map(({ key, limit = key }) => layout.limitKey(limit)),
    ),
    ...members.map(({ list }) => layout.listKey(list)),
  ])
  const ordinals = new Map<string, number>()
  for (const id of jobs) {
    const job = unit.job(id)
    if (job) ordinals.set(id, unit.row(job).ordinal)
  }
  const keys = members.flatMap(({ list, member }) => unit.list(list)?.key(member) ?? [])
  for (const { jobId, index } of tasks) {
    const ordinal = ordinals.get(jobId)
    if (ordinal !== undefined) keys.push(layout.taskKey(ordinal, index), layout.payloadKey(ordinal, index))
  }
  for (const ordinal of ordinals.values()) {
    for (const name of ['batches', 'lanes', 'loading']) keys.push(layout.jobPartKey(ordinal, name))
  }
  unit.reads.expect(keys)
}

/** The dedup keys of a chunk. */
export function expectChunk(unit: Unit, jobId: string, _: string, { tasks }: Chunk): void {
  const job = unit.job(jobId)
  if (!job?.dedupe) return
  const { ordinal } = unit.row(job)
  unit.reads.expect(tasks.flatMap(({ key }) => (key === undefined ? [] : [layout.dedupKey(ordinal, key)])))
}

/** The task that a ref or a claim names: both begin with job and index. */
function taskOf(name: string): { jobId: string; index: number } {
  const [jobId = '', index] = name.split(':')
  return { jobId, index: Number(index) }
}
