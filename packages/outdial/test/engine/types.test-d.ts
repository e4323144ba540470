import {
  type Attempt,
  type Carrier,
  type CarrierCapabilities,
  createEngine,
  type Placed,
  type SimulatedCarrier,
  simulatedCarrier,
} from 'outdial'
import { describe, expectTypeOf, it } from 'vitest'
import * as z from 'zod'

const base = { name: 'Reminders', from: '+13035550100', contacts: [{ phone: '+12025550100' }] } as const

/** A carrier that wants a name to greet people by. */
class Greeter implements Carrier<{ name: string }> {
  readonly capabilities: CarrierCapabilities = { idempotency: 'none', lookup: false, hangup: false, amd: false }
  async place(attempt: Attempt<{ name: string }>): Promise<Placed> {
    return { status: 'notSent', message: attempt.variables.name }
  }
}

const engine = createEngine({
  carriers: { any: simulatedCarrier({ seed: 1 }), greeter: new Greeter(), typed: simulatedCarrier<{ age: number }>() },
})

describe('the variables of a campaign', () => {
  it('are what its schema makes of a row', async () => {
    const job = await engine.calls.create({ ...base, carrier: 'any', variables: z.object({ debt: z.coerce.number() }) })
    const task = await job.task(0)
    expectTypeOf(task.variables).toEqualTypeOf<{ debt: number }>()
    job.on('call.ended', (event) => expectTypeOf(event.task.variables).toEqualTypeOf<{ debt: number }>())
    for await (const { variables } of job.tasks()) expectTypeOf(variables.debt).toBeNumber()
  })

  it('are anything when no schema is given and the carrier wants none', async () => {
    const job = await engine.calls.create({ ...base, carrier: 'any' })
    expectTypeOf((await job.task(0)).variables).toEqualTypeOf<Record<string, unknown>>()
  })

  it('have to be those that the carrier wants', async () => {
    const job = await engine.calls.create({
      ...base,
      carrier: 'greeter',
      variables: z.object({ name: z.string(), age: z.number() }),
    })
    expectTypeOf((await job.task(0)).variables).toEqualTypeOf<{ name: string; age: number }>()
    // @ts-expect-error The greeter wants a name.
    await engine.calls.create({ ...base, carrier: 'greeter', variables: z.object({ age: z.number() }) })
    // @ts-expect-error It wants it as a text.
    await engine.calls.create({ ...base, carrier: 'greeter', variables: z.object({ name: z.number() }) })
    // @ts-expect-error And this one wants an age.
    await engine.calls.create({ ...base, carrier: 'typed', variables: z.object({ name: z.string() }) })
  })
})

describe('an engine', () => {
  it('knows its carriers', async () => {
    // @ts-expect-error There is no such carrier.
    await engine.calls.create({ ...base, carrier: 'other' })
    // @ts-expect-error An option that does not exist.
    await engine.calls.create({ ...base, carrier: 'any', attempst: 2 })
    expectTypeOf(simulatedCarrier({ seed: 1 })).toEqualTypeOf<SimulatedCarrier>()
  })

  it('tells typed events', () => {
    engine.on('call.ended', ({ call, task }) => {
      expectTypeOf(call.outcome).not.toBeAny()
      expectTypeOf(task.phone).toBeString()
    })
    // @ts-expect-error There is no such event.
    engine.on('call.exploded', () => {})
  })
})
