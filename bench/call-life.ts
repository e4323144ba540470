import { createEngine, type EngineEvents, memoryStorage } from 'outdial'
import PQueue from 'p-queue'
import { instantCarrier } from './support/instant-carrier.js'
import { compare, type Sample, timed } from './support/measure.js'
import { atLeast, type Result } from './support/result.js'

const TASKS = 100_000
const REPEATS = 7
const CONCURRENCIES = [10, 100, 1000]
const CALL_EVENTS = ['call.fenced', 'call.queued', 'call.ringing', 'call.answered', 'call.ended', 'task.ended'] as const

export async function run(): Promise<Result> {
  for (const heard of [false, true])
    for (const addFirst of [false, true])
      for (const c of CONCURRENCIES) {
        const x = await compare(REPEATS, () => ours(c, heard), () => theirs(c, addFirst))
        console.error(heard, addFirst, c, 'ratio wall', x.ratio.wall, 'cpu', x.ratio.cpu, 'us', (x.ours.cpu.median / TASKS) * 1e6, (x.theirs.cpu.median / TASKS) * 1e6, 'wall us', (x.ours.wall.median / TASKS) * 1e6, (x.theirs.wall.median / TASKS) * 1e6)
      }
  return atLeast(0.5, { value: 0, unit: '×', details: {}, notes: [] })
}

export async function ours(concurrency: number, heard: boolean): Promise<Sample> {
  const engine = createEngine({
    storage: memoryStorage(),
    carriers: { instant: instantCarrier() },
    placeAtOnce: concurrency,
  })
  const counts: Record<string, number> = {}
  if (heard) for (const name of CALL_EVENTS) engine.on(name, () => (counts[name] = (counts[name] ?? 0) + 1))
  const job = await engine.calls.create({
    name: 'Bench',
    carrier: 'instant',
    from: '+12025550100',
    contacts: contacts(),
    concurrency,
    start: 'now',
  })
  let succeeded = 0
  const sample = await timed(async () => {
    await engine.start()
    succeeded = (await job.finished()).tasks.succeeded
  })
  await engine.stop()
  if (succeeded !== TASKS) throw new Error(`${succeeded} of ${TASKS} calls succeeded`)
  if (heard) for (const name of CALL_EVENTS) if (counts[name] !== TASKS) throw new Error(`${name}: ${counts[name]}`)
  return sample
}

export async function theirs(concurrency: number, addFirst: boolean): Promise<Sample> {
  let done = 0
  const task = async () => {
    done++
  }
  let sample: Sample
  if (addFirst) {
    const queue = new PQueue({ concurrency, autoStart: false })
    const all: Promise<void>[] = []
    for (let i = 0; i < TASKS; i++) all.push(queue.add(task))
    sample = await timed(async () => {
      queue.start()
      await Promise.all(all)
    })
  } else {
    sample = await timed(async () => {
      const queue = new PQueue({ concurrency })
      const all: Promise<void>[] = []
      for (let i = 0; i < TASKS; i++) all.push(queue.add(task))
      await Promise.all(all)
    })
  }
  if (done !== TASKS) throw new Error(`${done} of ${TASKS} tasks were run`)
  return sample
}

function* contacts(): Generator<Record<string, string>> {
  for (let i = 0; i < TASKS; i++) yield { phone: `+1202${2_000_000 + i}`, name: `Person ${i}` }
}
export type _ = EngineEvents
