import { OutdialError } from '../errors/outdial-error.js'
import type { JobRecord } from '../ports/storage-jobs.js'

/** How many somebody has reviewed, who lets a job go: another number now, and nothing is changed. */
export interface ExpectCount {
  /** Tasks that wait. Another number: `unexpected_count`. Default: any. */
  expect?: number
}

/** Throws `unexpected_count` when a job has another number of waiting tasks than whoever lets it go has seen. */
export function checkExpected({ counts }: JobRecord, { expect }: ExpectCount): void {
  const waiting = counts.fresh + counts.deferred
  if (expect !== undefined && expect !== waiting) throw unexpectedCount(expect, waiting, 'Nothing was begun.')
}

/** What is expected and what is there are not the same. `consequence` is a sentence. */
export function unexpectedCount(expected: number, found: number, consequence: string): OutdialError {
  return new OutdialError(
    'unexpected_count',
    `expect: ${expected} were expected and there are ${found}. ${consequence} Look at what is there, then say how many are meant.`,
    { field: 'expect', expected, found },
  )
}
