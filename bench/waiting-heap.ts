import { createEngine, type Engine, memoryStorage, type Storage } from 'outdial'
import { digits } from './support/format.js'
import { instantCarrier } from './support/instant-carrier.js'
import { liveBytes } from './support/measure.js'
import { list, person, type Row } from './support/people.js'
import { atMost, type Result } from './support/result.js'

const TASKS = 1_000_000

/**
 * What a task costs that waits for its call, beyond its payload: the bytes that stay in the process after a million
 * contacts have been read, checked and stored, less the bytes of copies of their payloads, measured the same way.
 */
export async function run(): Promise<Result> {
  // Code that is compiled on the way is no task's.
  await waiting(1000, person)
  const fresh = await waiting(TASKS, person)
  const deferred = await waiting(TASKS, personForLater)
  const details = { tasks: TASKS, fresh, deferred }
  const beyond = Math.max(fresh.beyond, deferred.beyond)
  return atMost(150, {
    value: beyond,
    unit: 'bytes a waiting task beyond its payload',
    details,
    notes: Object.entries({ 'never called': fresh, 'waiting for a time': deferred }).map(
      ([which, { all, payload, beyond, text }]) =>
        `${which}: ${digits(beyond)} beyond payload = ${digits(all)} in all − ${digits(payload)} as strings ` +
        `(${digits(text)} characters of JSON)`,
    ),
  })
}

/** A person who is not to be called before a time: such a task has been touched, as one that waits for its retry has. */
function personForLater(i: number): Row {
  return { ...person(i), notBefore: `2099-06-${10 + (i % 19)}T10:30:00Z` }
}

/** Bytes a task. */
interface Weight {
  /** Everything that stays. */
  all: number
  /** The payload's string. */
  payload: number
  beyond: number
  /** Characters in it. */
  text: number
}

async function waiting(tasks: number, row: (i: number) => Row): Promise<Weight> {
  const storage = memoryStorage()
  const engine = createEngine({ storage, carriers: { instant: instantCarrier() } })
  const before = liveBytes()
  const jobId = await draft(engine, tasks, row)
  const all = (liveBytes() - before) / tasks
  const { bytes, text } = await payloads(storage, jobId, tasks)
  await engine.stop()
  const payload = bytes / tasks
  return { all, payload, beyond: all - payload, text: text / tasks }
}

async function draft(
  engine: Engine<{ instant: ReturnType<typeof instantCarrier> }>,
  tasks: number,
  row: (i: number) => Row,
) {
  const job = await engine.calls.create({
    name: 'Waiting',
    carrier: 'instant',
    from: '+12025550100',
    contacts: list(tasks, row),
  })
  if (job.intake.accepted !== tasks) throw new Error(`accepted ${job.intake.accepted} of ${tasks} contacts`)
  return job.id
}

/** What the payloads alone weigh: as strings of one piece, which is the least that they can. */
async function payloads(storage: Storage, jobId: string, tasks: number): Promise<{ bytes: number; text: number }> {
  const copies = new Array<string>(tasks).fill('')
  let text = 0
  for (let i = 0; i < tasks; i++) {
    const { payload = '' } = (await storage.getTask(jobId, i)) ?? {}
    copies[i] = Buffer.from(payload).toString()
    text += payload.length
  }
  // By what goes when they go: to read the payloads may have changed how the store's own are laid out.
  const before = liveBytes()
  copies.fill('')
  const bytes = before - liveBytes()
  if (copies.length !== tasks) throw new Error('the list itself has to live until here')
  return { bytes, text }
}
