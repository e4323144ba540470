// A worker of a scenario: an engine over the shared store, with a server for webhooks. Works until it is killed.
import { createEngine, systemClock } from 'outdial'
import { ratesOf } from '../conductor/campaigns.js'
import { storeNamed } from '../stores/stores.js'
import type { Assignment, Notice, Order } from './assignment.js'
import { chaosCarrier } from './chaos-carrier.js'
import { freezeGate } from './freeze-gate.js'
import { losingReplies } from './lost-replies.js'
import { requeueAll } from './requeue.js'
import { sabotagedStorage } from './sabotaged-storage.js'
import { skewedClock } from './skewed-clock.js'
import { webhookServer } from './webhook-server.js'

const assignment = JSON.parse(process.argv[2] ?? '') as Assignment
const { store, address, port, skew, loseReplies, prices, sabotage } = assignment

const tell = (notice: Notice): Promise<void> =>
  new Promise((resolve) => {
    if (process.send) process.send(notice, () => resolve())
    else resolve()
  })

const clock = skewedClock(systemClock(), skew)
const opened = sabotagedStorage(storeNamed(store).open(address, sabotage), sabotage)
const gate = freezeGate(loseReplies ? losingReplies(opened) : opened, async () => {
  await tell('freezing')
  process.kill(process.pid, 'SIGSTOP')
})
process.on('message', (order: Order) => {
  if (order === 'freeze') gate.arm()
})
// The conductor is gone: nobody would ever stop this one.
process.once('disconnect', () => process.exit(0))

const carrier = chaosCarrier(assignment, clock, opened)
const durable = gate.storage.capabilities.durable && sabotage !== 'not-durable'
const engine = createEngine({ storage: gate.storage, clock, carriers: { sim: carrier }, durable, ...ratesOf(prices) })
if (process.env.CHAOS_TRACE) {
  engine.on('storage.failed', ({ error }) => console.error(`${process.pid} storage.failed`, error))
}
await webhookServer(port, engine)
if (sabotage === 'attempts-die-with-workers') {
  await opened.open({ clock, random: { next: Math.random } })
  await requeueAll(opened, `requeue ${process.pid} ${Date.now()}`)
}
await engine.start()
await tell('ready')
