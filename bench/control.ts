import { type CallJob, createEngine, memoryStorage } from 'outdial'
import { spread } from './support/measure.js'
import { short } from './support/print.js'
import { atMost, type Result } from './support/result.js'

const SMALL = 10
const LARGE = 1_000_000
const REPEATS = 300

/** Pause, resume and a change of limits, many times over, and one cancel, on ten tasks and on a million. */
export async function run(): Promise<Result> {
  const small = await controls(SMALL)
  const large = await controls(LARGE)
  const details: Record<string, unknown> = { small: SMALL, large: LARGE, repeats: REPEATS }
  const notes: string[] = []
  let worst = 0
  for (const name of ['pause', 'resume', 'update'] as const) {
    const ratio = large[name] / small[name]
    worst = Math.max(worst, ratio)
    details[name] = { small: small[name], large: large[name], ratio }
    notes.push(`${name}: ${short(small[name])} µs on ${SMALL} tasks, ${short(large[name])} µs on ${short(LARGE)}`)
  }
  details.cancel = { small: small.cancel, large: large.cancel }
  notes.push(`cancel, once: ${short(small.cancel)} µs and ${short(large.cancel)} µs`)
  // A noisy machine makes a median of microseconds swing; what is looked for would be a factor of 100,000.
  return atMost(2, { value: worst, unit: '× the cost on ten tasks', details, notes })
}

async function controls(tasks: number): Promise<{ pause: number; resume: number; update: number; cancel: number }> {
  const engine = createEngine({ storage: memoryStorage(), carriers: { none: { capabilities, place } } })
  const job = await engine.calls.create({
    name: 'Bench',
    carrier: 'none',
    from: '+12025550100',
    contacts: contacts(tasks),
    start: 'now',
  })
  for (let i = 0; i < REPEATS; i++) await round(job, i)
  globalThis.gc?.()
  const times = { pause: [] as number[], resume: [] as number[], update: [] as number[] }
  for (let i = 0; i < REPEATS; i++) {
    const [pause, resume, update] = await round(job, i)
    times.pause.push(pause)
    times.resume.push(resume)
    times.update.push(update)
  }
  const cancel = await microseconds(() => job.cancel())
  await engine.stop()
  return {
    pause: spread(times.pause).median,
    resume: spread(times.resume).median,
    update: spread(times.update).median,
    cancel,
  }
}

async function round(job: CallJob<unknown>, i: number): Promise<[number, number, number]> {
  return [
    await microseconds(() => job.pause()),
    await microseconds(() => job.resume()),
    await microseconds(() => job.update({ concurrency: 10 + (i % 2) })),
  ]
}

async function microseconds(work: () => Promise<unknown>): Promise<number> {
  const start = performance.now()
  await work()
  return (performance.now() - start) * 1000
}

const capabilities = { idempotency: 'none', lookup: false, hangup: false, amd: false } as const
const place = async () => ({ status: 'notSent' }) as const

function* contacts(tasks: number): Generator<Record<string, string>> {
  for (let i = 0; i < tasks; i++) yield { phone: `+1202${2_000_000 + i}`, name: `Person ${i}` }
}
