// A worker dies in the middle of a campaign, with calls live. Another takes over the same storage. The carrier's own
// ledger says whom it was asked to call: nobody twice.
import { createEngine, memoryStorage, simulatedCarrier, virtualClock } from 'outdial'

const clock = virtualClock()
const storage = memoryStorage()
const carrier = simulatedCarrier({
  seed: 7,
  clock,
  outcomes: { answered: 3, no_answer: 2, busy: 1 }, // no network trouble: that is called again, by design
  replyDelay: [0, 4_000], // the crash finds some requests unanswered
  redeliver: false, // what happens while nobody listens is never told
})
const worker = () => createEngine({ storage, carriers: { sim: carrier }, clock })

const first = worker()
const job = await first.calls.create({
  name: 'Reminders',
  carrier: 'sim',
  from: '+12025550100',
  contacts: Array.from({ length: 100 }, (_, i) => ({ phone: `+1303555${String(100 + i).padStart(4, '0')}` })),
  concurrency: 20,
  start: 'now',
})
await first.start()
await clock.advance(45_000)
console.log('when the first worker dies:', (await job.snapshot()).calls)
await first.abandon() // as kill -9 would: tells nobody, forgets everything that was not stored
await clock.advance(10 * 60_000)

const second = worker()
await second.start()
const resumed = await second.calls.get(job.id)
if (!resumed) throw new Error('the job is gone')
const finished = resumed.finished()
while ((await resumed.snapshot()).tasks.open > 0) await clock.advance(60_000)
const { state, tasks } = await finished
console.log(
  `${state}: ${tasks.total} contacts, ${tasks.succeeded} succeeded, ${tasks.failed} failed, ${tasks.open} open`,
)

const twice = carrier.ledger.calledTwice()
console.log(`people called: ${carrier.ledger.placements().size}, called twice: ${twice.length}`)
const stopped = second.stop()
await clock.advance(5_000)
await stopped
if (twice.length > 0 || carrier.ledger.placements().size !== 100) process.exitCode = 1
