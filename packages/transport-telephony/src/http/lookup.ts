import type { CallHandle, Lookup } from '@outdial/core'
import { trouble } from './errors.js'
import { instant, jsonObject } from './json.js'
import { eventOf } from './outcomes.js'
import { callPath, type Service } from './service.js'

/** Asks the service what became of a call. Only its own words, with a time, prove that there is none. */
export async function lookup(service: Service, { ref }: CallHandle): Promise<Lookup> {
  const reply = await service.ask({ method: 'GET', path: callPath(ref) })
  if (reply.status !== 'answered') return { status: 'cannotTell', message: reply.message }
  const said = jsonObject(reply.body)
  if (reply.code === 404 && said?.code === 'call_not_found') {
    const asOf = instant(said.asOf)
    if (asOf !== undefined) return { status: 'notFound', asOf }
    return { status: 'cannotTell', message: 'the service has no such call, and does not say as of when' }
  }
  if (reply.code !== 200 || !said) return { status: 'cannotTell', message: trouble(reply) }
  if (said.ref !== ref) return { status: 'cannotTell', message: 'the service answered with another call' }
  const event = eventOf(said.state, said.at, said)
  return event ? { status: 'found', event } : { status: 'cannotTell', message: 'a call in no state that there is' }
}
