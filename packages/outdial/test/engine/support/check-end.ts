import { type CallRecord, type Contact, type JobRecord, parseRef, type Storage, type TaskRecord } from 'outdial'
import { checkLog } from './check-log.js'
import type { PlannedJob, PlannedRow } from './plan.js'
import type { Script } from './script.js'
import type { World } from './world.js'

const INFRASTRUCTURE = new Set(['network_error', 'carrier_error'])
const ENDS = new Set(['succeeded', 'failed', 'skipped', 'canceled', 'expired'])

/** What can only be judged when all is over: nothing lost, no attempt too many, results that are true, caps, the log. */
export async function checkEnd(world: World, script: Script): Promise<string[]> {
  const transcript: string[] = []
  for (const [i, planned] of world.plan.jobs.entries()) {
    const id = script.ids[i]
    const job = id === undefined ? undefined : await world.memory.getJob(id)
    if (!id || !job) {
      const late = world.crashes > 0 && planned.expiresAt !== undefined
      if (!late && (numbersOf(planned.rows).size > 0 || planned.keepOpen))
        world.complain('G3', `${planned.key} was never created`)
      continue
    }
    const expected = numbersOf([...planned.rows, ...(script.appended[i] ?? [])]).size
    if (job.counts.total !== expected) world.complain('G3', `${id}: ${job.counts.total} tasks of ${expected} numbers`)
    const events = await checkLog(world.memory, id, (guarantee, message) => world.complain(guarantee, message))
    const attempts = attemptsAllowed(planned, world, i)
    for (const task of await tasksOf(world.memory, id)) {
      checkTask(world, job, task, attempts)
      transcript.push(JSON.stringify(task))
    }
    transcript.push(...events.map((event) => JSON.stringify(event)), JSON.stringify(job))
  }
  for (const carrier of Object.values(world.carriers)) {
    for (const entry of carrier.ledger) transcript.push(JSON.stringify(entry))
    if (carrier.live > 0) world.complain('G2', `${carrier.live} calls are live at the carrier though all is over`)
  }
  checkTellings(world)
  return [...transcript, ...world.told]
}

function checkTask(world: World, job: JobRecord, task: TaskRecord, attempts: { least: number; most: number }): void {
  const name = `${job.id}:${task.index}`
  if (!ENDS.has(task.place) || !task.reason) world.complain('G3', `${name} is ${task.place}, reason ${task.reason}`)
  const { phone = '', attempts: own } = task.payload === undefined ? {} : (JSON.parse(task.payload) as Contact)
  if (task.reason === 'suppressed' && !world.changes.wasListed(job.id, phone)) {
    world.complain('G3', `${name} is skipped as suppressed, and ${phone} was never listed`)
  }
  const records = task.results.map((result) => JSON.parse(result) as CallRecord)
  const { least, most } = own === undefined ? attempts : { least: own, most: own }
  if (records.length !== task.attempts)
    world.complain('G3', `${name}: ${task.attempts} attempts, ${records.length} records`)
  let burned = 0
  for (const { ref, outcome, placed } of records) {
    const end = world.calls.endOf(ref)
    // What was counted as unknown stays counted when it turns out to have been something else.
    const corrected = world.tellings.has(`call.corrected ${ref}`)
    if (placed && (corrected || !INFRASTRUCTURE.has(outcome ?? ''))) burned++
    if (placed && outcome !== 'outcome_unknown' && outcome !== end) {
      world.complain('G2', `${ref} is recorded as ${outcome}, the carrier says ${end ?? 'nothing of it'}`)
    }
  }
  if (burned > most) world.complain('G8', `${name}: ${burned} attempts counted, ${most} allowed`)
  if (task.reason === 'attempts_exhausted' && burned < least) {
    world.complain('G8', `${name} failed as attempts_exhausted after ${burned} attempts of ${least}`)
  }
  for (const { ref } of records)
    if (parseRef(ref)?.index !== task.index) world.complain('G1', `${name} has a call of ${ref}`)
}

function attemptsAllowed(planned: PlannedJob, world: World, index: number): { least: number; most: number } {
  const values = [planned.policy.attempts ?? 1]
  for (const action of world.plan.actions) {
    if (action.do === 'update' && action.job === index && action.policy.attempts !== undefined)
      values.push(action.policy.attempts)
  }
  return { least: Math.min(...values), most: Math.max(...values) }
}

function checkTellings(world: World): void {
  for (const [what, times] of world.tellings) {
    const [name] = what.split(' ')
    if ((name === 'task.ended' || name === 'job.ended' || name === 'call.ended') && times > 1) {
      world.complain('events', `told ${times} times: ${what}`)
    }
  }
}

/** The numbers among rows, each once: what a campaign should accept of them. */
function numbersOf(rows: readonly PlannedRow[]): Set<string> {
  return new Set(rows.map(({ phone }) => phone).filter((phone) => /^\+1\d{10}$/.test(phone)))
}

async function tasksOf(store: Storage, jobId: string): Promise<TaskRecord[]> {
  return (await store.scanTasks(jobId, { max: 10_000 })).items
}
