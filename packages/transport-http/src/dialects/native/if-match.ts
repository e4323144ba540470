import type { IfRevision } from '@outdial/core'
import { invalid } from '../../frame/parse.js'

/** The condition of `If-Match`, as the engine takes it. None, or `*`: whatever the revision is. */
export function ifMatch(headers: Headers): IfRevision {
  const given = headers.get('if-match')?.trim()
  if (given === undefined || given === '*') return {}
  const revision = /^"(\d{1,15})"$/.exec(given)?.[1]
  if (revision !== undefined) return { ifRevision: Number(revision) }
  throw invalid('headers', ['If-Match'], 'expected the ETag of one job, such as "7"')
}
