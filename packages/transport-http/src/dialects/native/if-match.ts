import { type IfRevision, type JobSnapshot, OutdialError } from '@outdial/core'
import { invalid } from '../../frame/parse.js'

/** The condition of `If-Match`, as the engine takes it. None, or `*`: whatever the revision is. */
export function ifMatch(headers: Headers): IfRevision {
  const given = headers.get('if-match')?.trim()
  if (given === undefined || given === '*') return {}
  const revision = /^"(\d{1,15})"$/.exec(given)?.[1]
  if (revision !== undefined) return { ifRevision: Number(revision) }
  throw invalid('headers', ['If-Match'], 'expected the ETag of one job, such as "7"')
}

/** Throws unless a job that was read is as the condition says; whoever changes it after this does so by its revision. */
export function checkRevision(headers: Headers, { id, revision }: JobSnapshot): void {
  const { ifRevision = revision } = ifMatch(headers)
  if (ifRevision === revision) return
  throw new OutdialError('revision_conflict', `Job ${id} is at revision ${revision}, not ${ifRevision}.`, {
    revision,
    ifRevision,
  })
}
