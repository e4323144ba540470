// A bulk change of phone numbers that a person approves first, over an inventory whose answers are sometimes lost.
import { createEngine, simulatedInventory, virtualClock } from 'outdial'

const clock = virtualClock({ autoAdvance: true })
const numbers = Array.from({ length: 40 }, (_, i) => `+1415555${String(100 + i).padStart(4, '0')}`)
const inventory = simulatedInventory({
  seed: 7,
  clock,
  numbers: { default: numbers },
  latency: [50, 300],
  faults: { timeoutApplied: 0.1, timeoutNotApplied: 0.1, unavailable: 0.05 },
})
const engine = createEngine({ resources: [inventory], clock })
await engine.start()

const update = await engine.operations.create({
  name: 'Move to the new trunk',
  type: 'phonenumber',
  method: 'update',
  entries: [...numbers, '+14155550199'], // the last one is not ours
  data: { connection_id: 'trunk-2' },
  review: true,
  start: 'now',
  concurrency: 8,
})
console.log((await update.snapshot()).state, await update.planSummary())
for await (const { entry, changes } of update.plan()) {
  console.log('for example', entry, JSON.stringify(changes))
  break
}

await update.approve()
const { state, reasons } = await update.finished()
console.log(state, reasons)
for await (const { entry, errors } of update.items({ states: ['failed'] })) console.log(entry, errors?.[0]?.title)

const create = await engine.operations.create({
  name: 'Ten more',
  type: 'phonenumber',
  method: 'create',
  data: Array.from({ length: 10 }, () => ({ tags: ['new'] })),
  start: 'now',
})
console.log((await create.finished()).reasons)
console.log(`numbers: ${inventory.numbers().length}, bought twice: ${inventory.ledger.createdTwice().length}`)
await engine.stop()
