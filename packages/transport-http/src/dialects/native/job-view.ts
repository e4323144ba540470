import { formatInstant, type JobSnapshot } from '@outdial/core'
import { ownMetadata } from '../../desk/wire-facts.js'
import { optionsView } from './options-view.js'

/** A time of the engine as the wire has it, under its name; nothing when there is none. */
export function time(name: string, at: number | undefined): Record<string, string> {
  return at === undefined ? {} : { [name]: formatInstant(at) }
}

/** A job as `/v1` shows it: the engine's snapshot, with times as ISO 8601 and none of what transports keep for themselves. */
export function jobView(id: string, snapshot: JobSnapshot): Record<string, unknown> {
  const { metadata, createdAt, startAt, startedAt, endedAt, resumeAt, expiresAt, waitingFor, ...others } = snapshot
  // Said in the options.
  const { spec: _, weight: __, freshShare: ___, ...rest } = others
  return {
    ...rest,
    id,
    metadata: ownMetadata(metadata),
    ...time('createdAt', createdAt),
    ...time('startAt', startAt),
    ...time('startedAt', startedAt),
    ...time('endedAt', endedAt),
    ...time('resumeAt', resumeAt),
    ...time('expiresAt', expiresAt),
    ...(waitingFor && { waitingFor: { reason: waitingFor.reason, ...time('until', waitingFor.until) } }),
    options: optionsView(snapshot),
  }
}

/**
 * The revision of a job as an entity tag, to be given back with `If-Match`. It changes with the job, not with its counters:
 * those are nobody's to overwrite.
 */
export function etagOf({ revision }: JobSnapshot): Record<string, string> {
  return { etag: `"${revision}"` }
}
