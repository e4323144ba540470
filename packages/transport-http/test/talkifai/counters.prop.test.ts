import * as fc from 'fast-check'
import type { Outcome } from 'outdial'
import { expect, it } from 'vitest'
import { talkifai } from '../../src/index.js'
import { Client } from '../support/client.js'
import { people } from '../support/people.js'
import { World } from '../support/world.js'

const STATUSES = [
  'pending',
  'queued',
  'dialing',
  'completed',
  'no_answer',
  'busy',
  'timeout',
  'blocked',
  'invalid_number',
  'carrier_error',
  'failed',
  'cancelled',
]
/** Neither reached nor failed: told again here, because the test may not take it from the code it judges. */
const NEITHER = new Set(['pending', 'dialing', 'cancelled'])

const outcome = fc.constantFrom<Outcome>(
  'answered',
  'voicemail',
  'fax',
  'busy',
  'no_answer',
  'rejected',
  'invalid_number',
  'blocked',
  'unwanted',
  'abandoned',
  'failed',
  'network_error',
  'carrier_error',
)
const step = fc.oneof(
  { arbitrary: fc.integer({ min: 100, max: 90_000 }), weight: 4 },
  { arbitrary: fc.integer({ min: 90_000, max: 3_600_000 }), weight: 2 },
  { arbitrary: fc.constantFrom('pause', 'resume', 'cancel'), weight: 2 },
)

/** Three blocked calls put the only number in quarantine: the job pauses with a contact that waits, and was never called. */
const QUARANTINED: [Outcome[][], number, number, (string | number)[], number] = [
  [['blocked'], ['blocked'], ['blocked'], ['answered'], ['answered']],
  1,
  1,
  [90_000, 'pause'],
  1,
]

it('has counters that are its contacts, at every moment of every batch', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.array(outcome, { minLength: 1, maxLength: 5 }), { minLength: 1, maxLength: 9 }),
      fc.integer({ min: 1, max: 4 }),
      fc.integer({ min: 1, max: 4 }),
      fc.array(step, { minLength: 1, maxLength: 8 }),
      fc.integer({ min: 1, max: 4 }),
      async (courses, maxAttempts, concurrentCallLimit, steps, size) => {
        const contacts = people(courses.length)
        const outcomes = ({ to, attempt }: { to: string; attempt: number }) => {
          const course = courses[contacts.findIndex(({ phone }) => phone === to)] as Outcome[]
          return course[(attempt - 1) % course.length] as Outcome
        }
        const world = await World.open({ dialects: [talkifai()], carrier: { outcomes } })
        const acme = new Client(world, 'talkifai')
        const request = { fromPhoneNumberId: 'pn_0', name: 'Any', contacts, maxAttempts, concurrentCallLimit }
        const id = (await acme.post('/batch/create', request)).body.batchJobId as string
        for (const next of steps) {
          if (typeof next === 'number') await world.advance(next)
          else expect([200, 400]).toContain((await acme.post(`/batch/jobs/${id}/${next}`)).status)

          const { body } = await acme.get(`/batch/jobs/${id}`)
          const breakdown = body.statusBreakdown as Record<string, number>
          const sum = (counts: (string | number)[]) => counts.map(Number).reduce((total, count) => total + count, 0)
          expect(sum(Object.values(breakdown))).toBe(contacts.length)
          expect(Object.values(breakdown)).not.toContain(0)
          expect(STATUSES).toEqual(expect.arrayContaining(Object.keys(breakdown)))
          const failed = Object.entries(breakdown).filter(([status]) => status !== 'completed' && !NEITHER.has(status))
          expect(body.successfulCalls).toBe(breakdown.completed ?? 0)
          expect(body.failedCalls).toBe(sum(failed.map(([, count]) => count)))
          expect(body.contactsProcessed).toBe(body.successfulCalls + body.failedCalls)

          for (const contact of body.contacts) {
            expect(contact.attemptCount).toBeLessThanOrEqual(maxAttempts)
            // There is a next time for those that wait for one, and for no others.
            const waits = ['no_answer', 'busy', 'timeout', 'queued'].includes(contact.status)
            expect(contact.nextRetryAt === null).toBe(!waits)
            expect(contact.callDuration !== null).toBe(contact.status === 'completed')
            // Nothing failed of those that wait for something else than a retry: for a number out of quarantine, say.
            const uncalled = contact.status === 'queued' && contact.lastAttemptAt === null
            if (NEITHER.has(contact.status) || uncalled) expect(contact.failureReason).toBeNull()
            else expect(contact.failureReason === null).toBe(contact.status === 'completed')
          }
          const status = body.contacts[0].status as string
          const pages: unknown[] = []
          for (let page = 1, more = true; more; page++) {
            const query = `contactStatus=${status}&contactsPage=${page}&contactsPageSize=${size}`
            const part = (await acme.get(`/batch/jobs/${id}?${query}`)).body
            expect(part.contactsTotal).toBe(breakdown[status])
            pages.push(...part.contacts)
            more = part.contactsHasMore
          }
          expect(pages).toEqual(body.contacts.filter((contact: { status: string }) => contact.status === status))

          const [listed] = (await acme.get(`/batch/jobs?organizationId=acme&status=${body.status}`)).body.batchJobs
          const { statusBreakdown, estimatedCompletionTime, ...rest } = body
          for (const key of Object.keys(rest).filter(
            (name) => name.startsWith('contacts') && name !== 'contactsProcessed',
          ))
            delete rest[key]
          expect(listed).toEqual(rest)
          if (['completed', 'cancelled'].includes(body.status) && body.completedAt !== null)
            expect(STATUSES.slice(0, 3).some((open) => open in breakdown)).toBe(false)
        }
        expect(world.carrier.ledger.calledTwice({ by: 'attempt' })).toEqual([])
        await world.close()
      },
    ),
    { numRuns: 40, examples: [QUARANTINED] },
  )
}, 120_000)
