import { DAY } from '../policy/duration.js'
import type { Limit } from '../ports/storage-limits.js'

/** Key of a number's daily cap. */
export function dayKey(organization: string, number: string): string {
  return `day:from:${organization}:${number}`
}

/** The limit behind a daily cap: rolling, so there is no midnight at which twice as many calls go out. */
export function dayLimit(organization: string, number: string, perDay: number | null, revision: number): Limit {
  const key = dayKey(organization, number)
  return perDay === null ? { key, revision, none: true } : { key, revision, cap: perDay, windowMs: DAY }
}
