import type { ExchangeReply } from '../ports/storage-exchange.js'

/** What answers a repeated exchange, without the payload of a redacted task; `undefined`: it had none of it. */
export function redactReply(reply: ExchangeReply, jobId: string, index: number): ExchangeReply | undefined {
  const names = (group: ExchangeReply['claims'][number]) =>
    group.jobId === jobId && group.tasks.some((task) => task.index === index)
  if (!reply.claims.some(names)) return undefined
  const claims = reply.claims.map((group) =>
    names(group)
      ? { ...group, tasks: group.tasks.map((task) => (task.index === index ? { ...task, payload: '' } : task)) }
      : group,
  )
  return { ...reply, claims }
}
