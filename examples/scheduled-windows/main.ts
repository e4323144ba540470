// Four people in four time zones, each called in the hours of their own clock: a day in a second.
import { createEngine, simulatedCarrier, virtualClock } from 'outdial'

const clock = virtualClock({ start: '2027-01-04T06:00:00Z', autoAdvance: true })
const carrier = simulatedCarrier({ seed: 7, outcomes: { answered: 1 } })
const engine = createEngine({ carriers: { sim: carrier }, clock })

const localTime = (at: number, timeZone: string) =>
  new Intl.DateTimeFormat('en-GB', { timeZone, weekday: 'short', hour: '2-digit', minute: '2-digit' }).format(at)

const people = [
  { phone: '+12125550110', timezone: 'America/New_York', name: 'Pepper Marzipan' },
  { phone: '+13035550118', timezone: 'America/Denver', name: 'Velvet Cloudberry' },
  { phone: '+18085550126', timezone: 'Pacific/Honolulu', name: 'Waffle Featherstonehaugh' },
  { phone: '+14415550134', timezone: 'Atlantic/Bermuda', name: 'Biscuit Thistledown', notBefore: '2027-01-05T08:00' },
]
const zones = new Map(people.map(({ phone, timezone }) => [phone, timezone]))

engine.on('call.fenced', ({ task, call }) => {
  const zone = zones.get(task.phone) ?? 'UTC'
  console.log(
    `${localTime(call.fencedAt, 'UTC')} UTC is ${localTime(call.fencedAt, zone)} in ${zone}: calling ${task.phone}`,
  )
})

const job = await engine.calls.create({
  name: 'Deliveries',
  carrier: 'sim',
  from: '+12025550100',
  contacts: people,
  window: { mon: '09:00-12:00,13:00-17:00', tue: '10:00-17:00', closedOn: ['2027-01-06'] },
  start: '2027-01-04T13:30',
  timezone: 'UTC',
  expires: '2027-01-06T00:00',
})
console.log(`${(await job.snapshot()).state} for Mon 13:30 UTC`)

await engine.start()
const { state, tasks } = await job.finished()
console.log(
  `${state}: ${tasks.succeeded} of ${tasks.total} reached; simulated hours: ${Math.round((clock.now() - clock.start) / 3_600_000)}`,
)
await engine.stop()
