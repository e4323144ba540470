import { createEngine, memoryStorage } from 'outdial'
import PQueue from 'p-queue'
import { digits, range } from './support/format.js'
import { instantCarrier } from './support/instant-carrier.js'
import { collectGarbage, inTurn, microsecondsEach, type Sample, speed, timedOn } from './support/measure.js'
import { list, person } from './support/people.js'
import { atLeast, type Result } from './support/result.js'

const TASKS = 50_000
/**
 * What goes before in each run, unmeasured. The garbage of the last run is collected before it, and that has the virtual
 * machine forget what it had compiled: neither side is about how fast it is compiled again.
 */
const BEFORE = 20_000
const REPEATS = 7
const CONCURRENCIES = [10, 100, 1000]
const HEARD = ['call.fenced', 'call.queued', 'call.ringing', 'call.answered', 'call.ended', 'task.ended'] as const

/**
 * Whole lives of calls on the memory store (claimed, fenced, placed, ringing, answered, ended, each written to the job's
 * event log, the task ended) against p-queue running empty asynchronous functions at the same concurrency.
 */
export async function run(): Promise<Result> {
  const measured = []
  for (const concurrency of CONCURRENCIES) {
    const samples = await inTurn(REPEATS, {
      ours: () => callLives(concurrency, false),
      theirs: () => emptyTasks(concurrency),
      heard: () => callLives(concurrency, true),
    })
    measured.push({
      concurrency,
      ratio: speed(samples.ours, samples.theirs),
      ratioHeard: speed(samples.heard, samples.theirs),
      microseconds: {
        ours: microsecondsEach(samples.ours, TASKS),
        theirs: microsecondsEach(samples.theirs, TASKS),
        heard: microsecondsEach(samples.heard, TASKS),
      },
    })
  }
  return atLeast(0.5, {
    value: Math.min(...measured.map(({ ratio }) => ratio.cpu.median)),
    unit: '× the task rate of p-queue, at the worst concurrency',
    details: { tasks: TASKS, repeats: REPEATS, measured },
    notes: measured.map(
      ({ concurrency, ratio, ratioHeard, microseconds: { ours, theirs } }) =>
        `concurrency ${concurrency}: ${range(ratio.cpu)} by CPU time, ${range(ratio.wall)} by wall time; ` +
        `${digits(ours.cpu.median)} against ${digits(theirs.cpu.median)} µs of CPU; ` +
        `with a listener for each of ${HEARD.length} events ${range(ratioHeard.cpu)}`,
    ),
  })
}

/** From the job's start to its end. The contacts have been loaded before. */
async function callLives(concurrency: number, heard: boolean): Promise<Sample> {
  const engine = createEngine({
    storage: memoryStorage(),
    carriers: { instant: instantCarrier() },
    placeAtOnce: concurrency,
  })
  const campaign = (contacts: number, start: 'now' | 'draft') =>
    engine.calls.create({
      name: 'Call lives',
      carrier: 'instant',
      from: '+12025550100',
      contacts: list(contacts, person),
      concurrency,
      start,
    })
  const before = await campaign(BEFORE, 'now')
  const job = await campaign(TASKS, 'draft')
  let events = 0
  if (heard) {
    for (const name of HEARD) {
      engine.on(name, () => {
        events++
      })
    }
  }
  let succeeded = 0
  collectGarbage()
  await engine.start()
  await before.finished()
  events = 0
  const sample = await timedOn(async () => {
    await job.start()
    succeeded = (await job.finished()).tasks.succeeded
  })
  await engine.stop()
  expect('calls that succeeded', succeeded, TASKS)
  expect('events', events, heard ? TASKS * HEARD.length : 0)
  return sample
}

/** From the first task added to the last one done. */
async function emptyTasks(concurrency: number): Promise<Sample> {
  let done = 0
  const task = async () => {
    done++
  }
  const queue = new PQueue({ concurrency })
  const run = async (tasks: number) => {
    const all: Promise<void>[] = []
    for (let i = 0; i < tasks; i++) all.push(queue.add(task))
    await Promise.all(all)
  }
  collectGarbage()
  await run(BEFORE)
  const sample = await timedOn(() => run(TASKS))
  expect('tasks done', done, BEFORE + TASKS)
  return sample
}

function expect(what: string, found: number, wanted: number): void {
  if (found !== wanted) throw new Error(`${what}: ${found}, not ${wanted}`)
}
