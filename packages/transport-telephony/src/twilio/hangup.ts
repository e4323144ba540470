import type { CallHandle } from '@outdial/core'
import type { TwilioApi } from './api.js'
import { eventType } from './outcomes.js'

/** "Call is not in-progress. Cannot redirect", and the like: it is over, or not yet where it would have to be. */
const WRONG_STATE = 21220
const NOT_FOUND = 404

/**
 * Ends a call. First as one that has not been answered, which ends as `canceled` then; and if it has been, as one that is
 * talked on. Without its SID nobody can say which call it is: `refused`.
 */
export async function hangup(api: TwilioApi, { callId }: CallHandle): Promise<'done' | 'gone' | 'refused'> {
  if (callId === undefined) return 'refused'
  const path = `Calls/${encodeURIComponent(callId)}.json`
  for (const Status of ['canceled', 'completed']) {
    const answer = await api.post(path, { Status })
    if (answer.status === 'refused') {
      // Records of calls can be deleted only when they are over.
      if (answer.error.status === NOT_FOUND && answer.error.code !== 0) return 'gone'
      if (answer.error.code !== WRONG_STATE) return 'refused'
      const state = await stateOf(api, path)
      if (state === 'ended') return 'gone'
      if (state === undefined) return 'refused'
      continue
    }
    if (answer.status !== 'ok') return 'refused'
    // "Canceled" leaves a call alone that is answered meanwhile.
    if (eventType(String(answer.body.status)) !== 'answered' || Status === 'completed') return 'done'
  }
  return 'refused'
}

async function stateOf(api: TwilioApi, path: string) {
  const answer = await api.get(path)
  return answer.status === 'ok' ? eventType(String(answer.body.status)) : undefined
}
