import assert from 'node:assert/strict'
import type { StoredEventData } from '@outdial/core'
import type { Session } from '../session.js'
import { answered, fenceOf, refOf } from '../support/worker.js'
import { Replay } from './replay.js'
import type { Known, Rush } from './rush.js'

/** What must be true when the dust has settled, whoever died: by the log, by the counters, and by what workers were told. */
export async function judgeEnd(session: Session, plan: Rush, known: Known): Promise<void> {
  const { storage } = session
  const { jobId } = known
  const job = await session.job(jobId)
  const { items } = await storage.scanTasks(jobId, { max: 1000 })
  assert.equal(items.length, plan.tasks, 'G3: other tasks are there than were added')
  const told = await log(session, jobId)
  const replay = new Replay()
  replay.read(told.events)
  replay.check(job, items)
  const data = told.events.map((event) => event.data)
  judgeLog(data, plan)

  const recount = await storage.recount(jobId)
  assert.deepEqual([recount.counts, recount.reasons, recount.outcomes], [job.counts, job.reasons, job.outcomes])
  const fenced = data.filter(({ type }) => type === 'fenced').length
  const closings = data.filter(({ type }) => type === 'closed').length
  assert.deepEqual([job.fenced, job.placed], [fenced, closings], 'calls counted, and calls by the log')
  assert.equal(job.outcomes.answered ?? 0, closings, 'outcomes counted, and closings by the log')
  for (const [ref, times] of known.closed) assert.equal(times, 1, `${ref} was closed ${times} times`)
  for (const ref of known.refs)
    assert.ok(
      data.some((event) => event.type === 'fenced' && event.ref === ref),
      `G9: ${ref} is not in the log`,
    )
  await endAll(session, jobId, plan, job.fenced)
}

async function log(session: Session, jobId: string) {
  const page = await session.storage.events(jobId, 0, 100_000)
  assert.ok(page.status === 'ok', 'the log was trimmed: let the harness keep more events')
  return page
}

/** Walks through the log: at no moment are more calls live, or tasks held, than the limits allow. */
function judgeLog(data: readonly StoredEventData[], plan: Rush): void {
  const held = new Set<number>()
  const live = new Set<string>()
  const notes = new Set<string>()
  for (const event of data) {
    if (event.type === 'claimed') for (const index of event.indexes) held.add(index)
    if (event.type === 'returned') held.delete(event.index)
    if (event.type === 'fenced') live.add(event.ref)
    if (event.type === 'closed') {
      assert.ok(live.delete(event.ref), `${event.ref} was closed twice`)
      held.delete(event.index)
    }
    if (event.type === 'note') {
      assert.ok(!notes.has(`${event.ref} ${event.id}`), `note ${event.id} of ${event.ref} was added twice`)
      notes.add(`${event.ref} ${event.id}`)
    }
    assert.ok(held.size <= plan.slots, `G4: ${held.size} tasks held where ${plan.slots} are allowed`)
    assert.ok(live.size <= plan.caller, `G4: ${live.size} live calls of a caller id where ${plan.caller} are allowed`)
  }
  const starts = data.filter(({ type }) => type === 'fenced').length
  assert.ok(starts <= plan.cap, `G6: ${starts} calls where a cap allows ${plan.cap}`)
}

/** Whoever died has left calls and claims behind: they are found, ended and dialed by somebody else, and nobody is lost. */
async function endAll(session: Session, id: string, plan: Rush, before: number): Promise<void> {
  const { storage } = session
  await storage.setLimits([
    { key: 'cap', revision: 2, none: true },
    { key: 'slots:caller', revision: 2, none: true },
  ])
  const worker = session.worker('the last')
  let ended = false
  for (let i = 0; i < plan.tasks * 4 + 20 && !ended; i++) {
    await session.pass(1000)
    const { items } = await storage.scanTasks(id, { max: 1000, places: ['active', 'unknown'] })
    await worker.report(...items.map(({ ref }) => answered(ref ?? '')))
    const { tasks } = await worker.claim(plan.tasks)
    const { fences } = await worker.exchange({ fences: tasks.map(({ claim }) => fenceOf(claim)) })
    await worker.report(...fences.map((fenced) => answered(refOf(fenced))))
    ended = (await session.job(id)).endedAt !== undefined
  }
  const job = await session.job(id)
  assert.ok(ended, `G3: the job never ends: ${JSON.stringify(job.counts)}`)
  assert.equal(job.counts.succeeded, plan.tasks)
  assert.ok(job.fenced >= before)
  assert.deepEqual((await storage.recount(id)).holds, {})
  assert.deepEqual((await worker.claim(9)).tasks, [])
}
