import {
  createEngine,
  type JobSnapshot,
  memoryStorage,
  seededIds,
  seededRandom,
  simulatedCarrier,
  virtualClock,
} from 'outdial'
import { digits } from './support/format.js'
import { timed } from './support/measure.js'
import { list, personInZone } from './support/people.js'
import { atMost, type Result } from './support/result.js'

const CONTACTS = 100_000
const SEED = 20_270_104
/** So many lines take about a day: the four zones are open for 14 hours together, and retries wait for hours. */
const CONCURRENCY = 300
/** Midnight on the East Coast, on a Monday. */
const MIDNIGHT = '2027-01-04T05:00:00Z'

/**
 * A day in one process: 100,000 people in four time zones, called from 9 to 8 where they are, up to three times each, by a
 * carrier on a clock that jumps from timer to timer. Everything counts: engine, store, simulated carrier, clock.
 */
export async function run(): Promise<Result> {
  let snapshot: JobSnapshot | undefined
  let loaded = 0
  const clock = virtualClock({ start: MIDNIGHT, autoAdvance: true })
  const engine = createEngine({
    storage: memoryStorage(),
    carriers: { simulated: simulatedCarrier({ seed: SEED, ledger: false }) },
    clock,
    ids: seededIds(SEED),
    random: seededRandom(SEED),
  })
  const sample = await timed(async () => {
    const start = process.cpuUsage()
    const job = await clock.during(
      engine.calls.create({
        name: 'A day',
        carrier: 'simulated',
        from: '+12025550100',
        contacts: list(CONTACTS, personInZone),
        window: 'mon-fri 09:00-20:00',
        attempts: 3,
        retry: { no_answer: ['30m', '2h'], busy: ['15m'] },
        concurrency: CONCURRENCY,
        start: 'now',
      }),
    )
    const { user, system } = process.cpuUsage(start)
    loaded = (user + system) / 1_000_000
    await engine.start()
    snapshot = await job.finished()
    await engine.stop()
  })
  clock.dispose()
  const job = snapshot as unknown as JobSnapshot
  if (job.tasks.total !== CONTACTS || job.tasks.open !== 0)
    throw new Error(`not all ended: ${JSON.stringify(job.tasks)}`)
  const hours = ((job.endedAt as number) - job.createdAt) / 3_600_000
  return atMost(30, {
    value: sample.cpu,
    unit: 's of CPU, all threads',
    details: {
      contacts: CONTACTS,
      concurrency: CONCURRENCY,
      seconds: sample,
      loading: { cpu: loaded },
      virtualHours: hours,
      calls: job.calls,
      tasks: job.tasks,
      outcomes: job.byOutcome,
    },
    notes: [
      `${digits(sample.cpu)} s of CPU, ${digits(sample.wall)} s of wall time, ${digits(loaded)} s of CPU of them for loading`,
      `${digits(job.calls.placed)} calls in ${digits(hours)} virtual hours`,
    ],
  })
}
