import type { Storage } from 'outdial'
import { bound } from './wrapped-storage.js'

/** A storage that does every exchange, and whose first answer to each never arrives. */
export function losingReplies(inner: Storage): Storage {
  const lost = new Set<string>()
  return {
    ...bound(inner),
    async exchange(request) {
      const reply = await inner.exchange(request)
      const name = `${request.channel} ${request.seq}`
      if (lost.has(name)) return reply
      lost.add(name)
      throw new Error('the answer was lost on its way')
    },
  }
}
