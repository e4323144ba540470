import type { Attempt, Placed } from '@outdial/core'
import { template } from '../agents/template.js'
import { refusal, trouble } from './errors.js'
import { jsonObject } from './json.js'
import type { HttpSettings } from './options.js'
import type { Service } from './service.js'

const STATES = ['queued', 'ringing', 'answered'] as const

/** Asks the service to call, once. */
export async function place(service: Service, settings: HttpSettings, attempt: Attempt): Promise<Placed> {
  let body: string
  try {
    body = JSON.stringify(callOf(settings, attempt))
  } catch (error) {
    // Before anything was written; what cannot be said for this contact cannot be said for the next one either.
    const message = error instanceof Error ? error.message : String(error)
    return { status: 'rejected', reason: 'configuration', code: 'agent_invalid', message }
  }
  const reply = await service.ask({
    method: 'POST',
    path: '/calls',
    headers: { 'idempotency-key': attempt.ref },
    body,
    startable: () => attempt.startable(),
  })
  if (reply.status !== 'answered') return reply
  if (reply.code !== 200 && reply.code !== 201) {
    return refusal(reply, settings.codes) ?? { status: 'unknown', message: trouble(reply) }
  }
  const said = jsonObject(reply.body)
  const callId = said?.callId
  if (typeof callId !== 'string' || callId === '') {
    return { status: 'unknown', message: `the service answered ${reply.code} without a callId` }
  }
  const state = STATES.find((known) => known === said?.state)
  return { status: 'accepted', callId, ...(state && { state }) }
}

/** The call as the protocol asks for it. */
function callOf({ webhookUrl, metadata }: HttpSettings, attempt: Attempt): object {
  const { ref, attempt: number, organization, jobId, to, from, agent, variables, externalId } = attempt
  const { ringTimeout, maxDuration } = attempt
  return {
    ref,
    attempt: number,
    organization,
    jobId,
    to,
    from,
    ...(agent !== undefined && { agent: template(agent, 'agent').render(variables, asItIs) }),
    variables,
    ...(externalId !== undefined && { externalId }),
    ...(metadata && { metadata }),
    ringTimeout,
    maxDuration,
    ...(webhookUrl && { webhookUrl: webhookUrl.href }),
  }
}

/** JSON takes any text. */
function asItIs(value: string): string {
  return value
}
