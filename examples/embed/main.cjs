const assert = require('node:assert/strict')
const { createEngine, csv, isOutdialError, simulatedCarrier, virtualClock } = require('outdial')
const files = require('outdial/node')
const { z } = require('zod')

async function main() {
  const carrier = simulatedCarrier({ seed: 7 })
  const engine = createEngine({ carriers: { sim: carrier }, clock: virtualClock({ autoAdvance: true }) })
  const job = await engine.calls.create({
    name: 'Reminders',
    carrier: 'sim',
    from: '+12025550100',
    contacts: csv('phone,name\n+12025550103,Gizmo\n+12025550110,Velvet\n1202,Noodle\n+12125550110,Waffle\n'),
    variables: z.object({ name: z.string() }),
    attempts: 3,
    start: 'now',
  })
  await engine.start()
  const { state, byOutcome } = await job.finished()
  await engine.stop()

  const error = await engine.start().catch((reason) => reason)
  assert(isOutdialError(error, 'engine_stopped'))
  assert.equal(typeof files.csvFile, 'function')
  assert.deepEqual(carrier.ledger.calledTwice({ by: 'attempt' }), [])
  console.log(JSON.stringify({ state, byOutcome, rejected: job.intake.rejected.map(({ code }) => code) }))
}

void main()
