import type { CallerNumber } from '@outdial/core'
import { json } from '../../../frame/answers.js'
import { replayed } from '../../../frame/idempotency.js'
import { type Route, route } from '../../../frame/route.js'
import { SCOPES } from '../auth.js'
import { COLUMNS, MOST_CONTACTS, sourceOf } from '../contacts.js'
import { MOST_REQUEST, readRequest } from '../create-request.js'
import { noOutboundAgent, textAgent } from '../errors.js'
import { asInsufficient, checkCredits, dollarText, durationText, estimatedDollars, reserveOf } from '../estimate.js'
import { batchIdOf } from '../ids.js'
import type { Architecture, Settings } from '../settings.js'
import { PICKED_UP, RETRIED } from '../states.js'
import { wireTimeOrNull } from '../time.js'
import type { TalkifaiFacts } from '../wire.js'

/** How long a phone may ring; the service gives up after a minute. */
const RING_TIMEOUT = '60s'

/** `POST /batch/create`: checks in the service's order, then one job. */
export function create(settings: Settings): Route {
  const rule = { delays: settings.retryDelays, by: 'attempt' } as const
  const retry = Object.fromEntries(RETRIED.map((outcome) => [outcome, rule]))
  return route({
    method: 'POST',
    path: '/batch/create',
    scopes: SCOPES.manageCalls,
    summary: 'Create a batch job from a CSV file or a list of contacts',
    body: 'raw',
    maxBody: MOST_REQUEST,
    async handle({ desk, raw, clock, headers, limits }) {
      const reading = { most: Math.min(MOST_CONTACTS, limits.rows), now: clock.now() }
      const { batch, startAt, list, content } = await readRequest(raw, reading)
      const { fromPhoneNumberId, name, description, concurrentCallLimit, maxAttempts, timezone } = batch
      const number = await desk.callerNumber(fromPhoneNumberId)
      const { agent, architecture } = voiceOf(number)
      const [balance, profile, books] = await Promise.all([desk.balance(), desk.profile(), desk.books()])
      const dollars = estimatedDollars(list.contacts.length, architecture, settings)
      // A request that is repeated has its money set aside already.
      if (!headers.has('idempotency-key') || !books) checkCredits(dollars, balance, settings)
      const making = desk.createCalls({
        name,
        ...(description !== null && { description }),
        from: number.phone,
        agent,
        contacts: sourceOf(list),
        columns: COLUMNS,
        start: startAt ?? 'now',
        timezone,
        concurrency: concurrentCallLimit,
        attempts: maxAttempts,
        retry,
        successOutcomes: PICKED_UP,
        ringTimeout: RING_TIMEOUT,
        ...(books && { reserve: reserveOf(dollars, settings) }),
        wire: { fromPhoneNumberId } satisfies TalkifaiFacts,
        ...(headers.has('idempotency-key') && { content: await content() }),
      })
      const made = await making.catch((error: unknown) => {
        throw asInsufficient(error, dollars, settings)
      })
      const contacts = made.job.intake.accepted
      const atOnce = Math.min(concurrentCallLimit, profile.concurrency ?? concurrentCallLimit)
      const answer = {
        success: true,
        batchJobId: batchIdOf(made.id),
        totalContacts: contacts,
        estimatedDuration: durationText(contacts, atOnce),
        estimatedCost: dollarText(estimatedDollars(contacts, architecture, settings)),
        // What it is when it is accepted; a worker may have begun with it by now.
        status: startAt === undefined ? 'pending' : 'scheduled',
        scheduledStartTime: wireTimeOrNull(startAt),
        message: `Batch job created with ${contacts} contact${contacts === 1 ? '' : 's'}`,
      }
      const left = { 'x-rows-rejected': String(list.rejected), 'x-rows-duplicate': String(list.duplicate) }
      return json(200, answer, { ...left, ...replayed(made) })
    },
  })
}

/** What talks behind a number. A host that does not say has a pipeline. */
function voiceOf({ id, agent, metadata }: CallerNumber): { agent: string; architecture: Architecture } {
  if (agent === undefined) throw noOutboundAgent(id)
  const architecture = metadata?.architecture ?? 'pipeline'
  if (architecture !== 'pipeline' && architecture !== 'realtime') throw textAgent(agent)
  return { agent, architecture }
}
