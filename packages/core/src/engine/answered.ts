import { OutdialError } from '../errors/outdial-error.js'
import type { Report } from '../ports/storage-exchange.js'
import type { Conversation } from './channel.js'
import type { Host } from './host.js'

/**
 * Tells the store something, and resolves to what it made of it. Rejects with `engine_stopped` when this engine ends before there is
 * an answer: what a channel has not said by then is dropped, and whoever waited for it would wait for ever.
 */
export function answered(host: Host, channel: Conversation, report: Report): Promise<'applied' | 'stale'> {
  const { ended } = host
  if (ended.aborted) return Promise.reject(engineStopped())
  return new Promise((resolve, reject) => {
    const refuse = () => reject(engineStopped())
    ended.addEventListener('abort', refuse)
    channel.report(report, (answer) => {
      ended.removeEventListener('abort', refuse)
      resolve(answer)
    })
  })
}

/** What is asked of an engine that has ended. */
export function engineStopped(): OutdialError {
  return new OutdialError('engine_stopped', 'This engine has been stopped. Make a new one over the same storage.')
}
