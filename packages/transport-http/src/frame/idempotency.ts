import { invalid } from './parse.js'

/** The key of a request that may be sent twice, as clients give it. */
const IDEMPOTENCY_KEY = 'idempotency-key'
/** Marks an answer that tells of what an earlier request with the same key has made. */
const REPLAYED: Readonly<Record<string, string>> = { 'idempotent-replayed': 'true' }

/** Headers of an answer to a create: says when it is a replay. */
export function replayed(made: { replayed: boolean }): Readonly<Record<string, string>> {
  return made.replayed ? REPLAYED : {}
}

/**
 * The key that the engine keeps: one dialect's keys are not another's. Up to 255 visible characters; anything else is
 * `invalid`, since a key that is dropped would make a second job.
 */
export function idempotencyKey(headers: Headers, dialect: string): string | undefined {
  const key = headers.get(IDEMPOTENCY_KEY)
  if (key === null) return undefined
  if (!/^[\x21-\x7e](?:[\x20-\x7e]{0,253}[\x21-\x7e])?$/.test(key)) {
    throw invalid('headers', ['Idempotency-Key'], 'expected 1 to 255 visible ASCII characters')
  }
  return `${dialect}:${key}`
}
