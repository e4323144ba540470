import { formatInstant, type JobSnapshot } from '@outdial/core'
import { ownMetadata } from '../../desk/wire-facts.js'

/** A job as `/v1` shows it: the engine's snapshot, with times as ISO 8601 and none of what transports keep for themselves. */
export function jobView(id: string, snapshot: JobSnapshot): Record<string, unknown> {
  const { metadata, createdAt, startAt, startedAt, endedAt, expiresAt, waitingFor, spec: _, ...rest } = snapshot
  const time = (name: string, at: number | undefined) => at !== undefined && { [name]: formatInstant(at) }
  return {
    ...rest,
    id,
    metadata: ownMetadata(metadata),
    ...time('createdAt', createdAt),
    ...time('startAt', startAt),
    ...time('startedAt', startedAt),
    ...time('endedAt', endedAt),
    ...time('expiresAt', expiresAt),
    ...(waitingFor && { waitingFor: { reason: waitingFor.reason, ...time('until', waitingFor.until) } }),
  }
}

/** The revision of a job as an entity tag, to be given back with `If-Match`. */
export function etagOf({ revision }: JobSnapshot): Record<string, string> {
  return { etag: `"${revision}"` }
}
