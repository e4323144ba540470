// One schema checks the columns of each row, and gives the variables their types: in events, in results, and against
// what the carrier wants.
import { type Carrier, createEngine, csv, simulatedCarrier, virtualClock } from 'outdial'
import { z } from 'zod'

const Appointment = z.object({
  name: z.string().min(1),
  visits: z.coerce.number().int().nonnegative(),
  slot: z.enum(['morning', 'afternoon']),
})
type Appointment = z.output<typeof Appointment>

// A carrier may say which variables it needs: a job whose schema gives others does not compile.
const carrier: Carrier<{ name: string; slot: string }> = simulatedCarrier<{ name: string; slot: string }>({
  seed: 7,
  outcomes: ({ variables }) => (variables.slot === 'morning' ? 'answered' : 'voicemail'),
})
const engine = createEngine({ carriers: { sim: carrier }, clock: virtualClock({ autoAdvance: true }) })

const job = await engine.calls.create({
  name: 'Appointments',
  carrier: 'sim',
  from: '+12025550100',
  variables: Appointment,
  contacts: csv(`phone,name,visits,slot
+12025550103,Gizmo Snickerdoodle,3,morning
+12025550125,Pepper Marzipan,0,afternoon
+13035550118,Velvet Cloudberry,many,morning
+12125550110,Waffle Featherstonehaugh,2,evening
`),
  start: 'now',
})
for (const { line, column, code, message } of job.intake.rejected)
  console.log(`line ${line}, ${column}: ${code}: ${message}`)

const visits = (variables: Appointment) => (variables.visits === 1 ? '1 visit' : `${variables.visits} visits`)
job.on('task.ended', ({ task, state }) => console.log(task.variables.name, visits(task.variables), state))

await engine.start()
await job.finished()
for await (const { phone, variables, outcome } of job.tasks()) console.log(phone, variables.slot, outcome)
await engine.stop()
