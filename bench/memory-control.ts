import { type CallJob, createEngine, type Engine, memoryStorage, type Storage } from 'outdial'
import { digits } from './support/format.js'
import { instantCarrier } from './support/instant-carrier.js'
import { spread } from './support/measure.js'
import { list, person } from './support/people.js'
import { atMost, type Result } from './support/result.js'

const SMALL = 10
const LARGE = 1_000_000
const ROUNDS = 1000
const WARM_UP = 200
/** A job can be canceled only once, so this many pairs of jobs are made for it. */
const CANCELS = 15
const CHUNK = 10_000

const CHANGES = ['pause', 'resume', 'limit', 'cancel'] as const
type Change = (typeof CHANGES)[number]
type Size = 'small' | 'large'
type Pair = Record<Size, CallJob<unknown>>

/** What a change took, in microseconds: for the caller of the job's handle, and within that in the store. */
interface Took {
  handle: number
  storage: number
}

/** Pause, resume, change of the limit and cancel, in turn on a job of ten tasks and one of a million. */
export async function run(): Promise<Result> {
  const storage = memoryStorage()
  const engine = createEngine({ storage, carriers: { instant: instantCarrier() } })
  const took = watchControl(storage)
  const times = Object.fromEntries(CHANGES.map((change) => [change, { small: [], large: [] }])) as unknown as Record<
    Change,
    Record<Size, Took[]>
  >

  const pair = await jobs(engine, storage)
  for (let round = -WARM_UP; round < ROUNDS; round++) {
    for (const change of ['pause', 'resume', 'limit'] as const) {
      for (const size of order(round)) {
        const time = await took(() => apply(pair[size], change, round))
        if (round >= 0) times[change][size].push(time)
      }
    }
  }
  await end(pair)

  for (let round = 0; round < CANCELS; round++) {
    const pair = await jobs(engine, storage)
    // The making of a million tasks has driven everything else out of the processor's caches.
    for (let i = 0; i < 10; i++)
      for (const size of order(i)) await apply(pair[size], i % 2 === 0 ? 'pause' : 'resume', i)
    for (const size of order(round)) times.cancel[size].push(await took(() => apply(pair[size], 'cancel', round)))
    await end(pair)
  }
  await engine.stop()

  const measured = CHANGES.map((change) => ({
    change,
    handle: compared(times[change], 'handle'),
    storage: compared(times[change], 'storage'),
  }))
  const worst = Math.max(...measured.flatMap(({ handle, storage }) => [handle.ratio, storage.ratio]))
  // Medians of microseconds swing on a noisy machine. What is looked for would be a factor of up to 100,000.
  return atMost(1.5, {
    value: worst,
    unit: '× the cost on ten tasks, at worst',
    details: { small: SMALL, large: LARGE, rounds: ROUNDS, cancels: CANCELS, measured },
    notes: measured.map(
      ({ change, handle, storage }) =>
        `${change}: ${digits(handle.small)} µs on ${digits(SMALL)} tasks, ${digits(handle.large)} µs on ${digits(LARGE)} ` +
        `(${digits(handle.ratio)}×); in the store alone ${digits(storage.small)} and ${digits(storage.large)} µs ` +
        `(${digits(storage.ratio)}×)`,
    ),
  })
}

function apply(job: CallJob<unknown>, change: Change, round: number): Promise<unknown> {
  if (change === 'limit') return job.update({ concurrency: 100 + (round & 1) })
  return job[change]()
}

/** Who comes first is changed each time: the second finds everything in the caches. */
function order(round: number): readonly [Size, Size] {
  return round % 2 === 0 ? ['small', 'large'] : ['large', 'small']
}

function compared(times: Record<Size, readonly Took[]>, level: keyof Took) {
  const middle = (size: Size) => spread(times[size].map((took) => took[level])).median
  const [small, large] = [middle('small'), middle('large')]
  return { small, large, ratio: large / small }
}

/** Measures changes, and how much of each is spent in the store's `control`. */
function watchControl(storage: Storage): (change: () => Promise<unknown>) => Promise<Took> {
  let inStorage = 0
  const control = storage.control.bind(storage)
  storage.control = async (...args) => {
    const start = performance.now()
    try {
      return await control(...args)
    } finally {
      inStorage += performance.now() - start
    }
  }
  return async (change) => {
    inStorage = 0
    const start = performance.now()
    await change()
    return { handle: (performance.now() - start) * 1000, storage: inStorage * 1000 }
  }
}

async function jobs(engine: Parameters<typeof filledJob>[0], storage: Storage): Promise<Pair> {
  return { small: await filledJob(engine, storage, SMALL), large: await filledJob(engine, storage, LARGE) }
}

/** A job that waits for its engine. What it has beyond ten contacts is put into the store directly, to be quick. */
async function filledJob(
  engine: Engine<{ instant: ReturnType<typeof instantCarrier> }>,
  storage: Storage,
  tasks: number,
): Promise<CallJob<unknown>> {
  const contacts = [...list(SMALL, person)]
  const job = await engine.calls.create({
    name: 'Control',
    carrier: 'instant',
    from: '+12025550100',
    contacts,
    concurrency: 100,
    start: 'now',
  })
  if (tasks === SMALL) return job
  const [lane] = (await storage.getJob(job.id))?.lanes ?? []
  const payload = JSON.stringify({ phone: '+12025550101', variables: {}, row: 1 })
  if (!lane) throw new Error('a job with contacts has a lane')
  await storage.openBatch(job.id, 'rest', 'rest')
  for (let seq = 0, left = tasks - SMALL; left > 0; seq++) {
    const size = Math.min(CHUNK, left)
    await storage.stage(job.id, 'rest', { seq, lane, tasks: Array.from({ length: size }, () => ({ payload })) })
    left -= size
  }
  await storage.seal(job.id, 'rest', tasks - SMALL, '{}')
  const { total } = (await job.snapshot()).tasks
  if (total !== tasks) throw new Error(`the job has ${total} tasks, not ${tasks}`)
  return job
}

/** Ends both, if they have not ended, and makes room. */
async function end(pair: Pair): Promise<void> {
  for (const job of Object.values(pair)) {
    if ((await job.snapshot()).endedAt === undefined) await job.cancel()
    await job.delete()
  }
}
