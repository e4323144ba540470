import type { CallHandle } from '@outdial/core'
import { trouble } from './errors.js'
import { jsonObject } from './json.js'
import { callPath, type Service } from './service.js'

/** Ends a call. Rejects when nobody knows whether it is live; it may be repeated. */
export async function hangup(service: Service, { ref }: CallHandle): Promise<'done' | 'gone' | 'refused'> {
  const reply = await service.ask({ method: 'POST', path: `${callPath(ref)}/hangup` })
  if (reply.status === 'answered') {
    const { code: status, body } = reply
    if (status === 200 || status === 202 || status === 204) return 'done'
    const code = jsonObject(body)?.code
    if ((status === 410 && code === 'call_ended') || (status === 404 && code === 'call_not_found')) return 'gone'
    if (status === 409) return 'refused'
  }
  throw new Error(`The call could not be hung up: ${trouble(reply)}`)
}
