// The example of the README: a campaign from a file, on a simulated carrier and a clock that does not wait.
import { createEngine, memoryStorage, simulatedCarrier, virtualClock } from 'outdial'
import { csvFile } from 'outdial/node'
import { z } from 'zod'

const engine = createEngine({
  storage: memoryStorage(),
  carriers: { sim: simulatedCarrier({ seed: 7 }) },
  clock: virtualClock({ autoAdvance: true }), // leave out for real time
})
engine.on('call.ended', ({ task, call }) => console.log(task.phone, call.outcome))

const job = await engine.calls.create({
  name: 'Reminders',
  carrier: 'sim',
  from: '+12025550100',
  contacts: csvFile(new URL('contacts.csv', import.meta.url)),
  variables: z.object({ name: z.string() }),
  concurrency: 10,
  attempts: 3,
  retry: { no_answer: ['5m', '30m'], busy: ['5m'] },
  start: 'now',
  idempotencyKey: 'reminders-1',
})
console.table(job.intake.rejected) // row, column, code, message

await engine.start()
console.table((await job.finished()).byOutcome)
await engine.stop()
