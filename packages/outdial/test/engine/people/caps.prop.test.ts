import fc from 'fast-check'
import type { CapOptions, Engine, SimulatedCarrier } from 'outdial'
import { describe, expect, it } from 'vitest'
import { Bench, phone, SECOND } from '../support/bench.js'

/** Somebody who is called: one number, of one customer, about one debt. */
interface Somebody {
  phone: string
  externalId?: string
  customer?: string
  debt?: string
}

const MINUTES = 60_000

const somebody: fc.Arbitrary<Somebody> = fc.record(
  {
    phone: fc.nat(4).map(phone),
    externalId: fc.constantFrom('x1', 'x2'),
    customer: fc.constantFrom('c1', 'c2'),
    debt: fc.constantFrom('d1', 'd2'),
  },
  { requiredKeys: ['phone'] },
)

const cap: fc.Arbitrary<CapOptions> = fc.record({
  per: fc.constantFrom('phone', 'externalId', 'contact', 'subject', 'organization'),
  max: fc.integer({ min: 1, max: 3 }),
  within: fc.constantFrom('3m', '10m'),
})
const caps = fc.uniqueArray(cap, { minLength: 1, maxLength: 3, selector: ({ per, within }) => `${per} ${within}` })

/** Whom a cap means by somebody, told from the option's own words. */
function meant(per: CapOptions['per'], one: Somebody): string {
  const known = one.externalId === undefined ? `phone ${one.phone}` : `id ${one.externalId}`
  const person = one.customer === undefined ? known : `customer ${one.customer}`
  if (per === 'phone') return one.phone
  if (per === 'externalId') return known
  if (per === 'contact') return person
  return per === 'subject' ? `${person} about ${one.debt ?? ''}` : 'all'
}

describe('caps, over jobs, caller ids and workers that crash', () => {
  it('are exceeded in no rolling window', { timeout: 120_000 }, async () => {
    const job = fc.record({
      contacts: fc.uniqueArray(somebody, { minLength: 1, maxLength: 5, selector: (one) => one.phone }),
      from: fc.constantFrom('+13035550101', '+13035550102'),
      startAfter: fc.nat(3),
    })
    const crash = fc.record({ after: fc.integer({ min: 1, max: 9 }), which: fc.nat(1) })
    await fc.assert(
      fc.asyncProperty(
        caps,
        fc.array(job, { minLength: 1, maxLength: 3 }),
        fc.array(crash, { maxLength: 2 }),
        fc.nat(1000),
        async (rules, jobs, crashes, seed) => {
          const bench = new Bench({
            carrier: {
              seed,
              outcomes: { no_answer: 2, busy: 1, failed: 1 },
              talk: [1000, 1000],
              // Answers that are lost make calls of which nobody knows: they count as well.
              faults: { timeoutPlaced: 0.2, eventsLost: { ended: 0.2 } },
            },
          })
          const engines: Engine<{ sim: SimulatedCarrier }>[] = [await bench.started(), await bench.started()]
          const people = new Map<string, Somebody>()
          for (const [index, { contacts, from, startAfter }] of jobs.entries()) {
            await (engines[0] as Engine<{ sim: SimulatedCarrier }>).calls.create(
              bench.campaign({
                name: `Job ${index}`,
                contacts: contacts.map((one) => ({ ...one })),
                caps: rules,
                identify: { person: 'customer', subject: 'debt' },
                from,
                attempts: 6,
                retry: { no_answer: { delays: ['20s'] }, busy: { delays: ['20s'] }, failed: { delays: ['20s'] } },
                ringTimeout: '10s',
                maxDuration: '20s',
                start: startAfter === 0 ? 'now' : bench.clock.now() + startAfter * MINUTES,
              }),
            )
            for (const one of contacts) people.set(`Job ${index} ${one.phone}`, one)
          }
          for (let minute = 0; minute < 25; minute++) {
            for (const { after, which } of crashes) {
              if (after !== minute) continue
              await engines[which]?.abandon()
              engines[which] = await bench.started()
            }
            await bench.clock.advance(MINUTES)
          }
          const names = new Map<string, string>()
          for (const { id, name } of (await (engines[0] as Engine).calls.list()).items) names.set(id, name)
          const placed = bench.entries('placed').map(({ at, to, ref }) => {
            const name = names.get(ref.slice(0, ref.indexOf(':')))
            return { at, one: people.get(`${name} ${to}`) as Somebody }
          })
          expect(placed.length).toBeGreaterThan(0)
          // Counted is the start that a fence grants; the request is written within two seconds of it, or never.
          for (const { per, max, within } of rules) {
            const length = Number.parseInt(String(within), 10) * MINUTES
            for (const { at, one } of placed) {
              const same = placed.filter(
                (other) =>
                  meant(per, other.one) === meant(per, one) && other.at >= at && other.at < at + length - 2 * SECOND,
              )
              expect(same.length).toBeLessThanOrEqual(max)
            }
          }
          for (const engine of engines) await bench.end(engine)
        },
      ),
      { numRuns: 15 },
    )
  })
})
