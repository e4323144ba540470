import { readRetryMemo } from '../calls/memo.js'
import type { CallSpec, JobContext } from '../jobs/spec.js'
import type { Outcome } from '../lifecycle/outcome.js'
import type { Contact } from '../ports/contacts.js'
import type { TaskRecord } from '../ports/storage-read.js'
import type { DialBlock } from './blocks.js'
import type { Candidate, KnownRates } from './judge.js'

/** A contact that waits, as the dispatcher will find it. */
export function candidateOf(job: JobContext<CallSpec>, record: TaskRecord, rates?: KnownRates): Candidate {
  const contact = JSON.parse(record.payload as string) as Contact
  return { job, index: record.index, contact, retry: readRetryMemo(record.memo), rates }
}

/** What a contact waits for by its own time: nothing when that has come. */
export function waitsOf({ contact, retry }: Candidate, { waitUntil, results }: TaskRecord, at: number): DialBlock[] {
  if (waitUntil === undefined || waitUntil <= at) return []
  if (retry.burned + retry.infrastructure > 0) {
    const outcome = outcomeOf(results.at(-1))
    const detail = outcome === undefined ? 'it is to be called again then' : `${outcome}: it is to be called again then`
    return [{ code: 'retry', until: waitUntil, ...(outcome !== undefined && { outcome }), detail }]
  }
  if (contact.notBefore === waitUntil) return [{ code: 'not_before', until: waitUntil, detail: 'not due yet' }]
  return [{ code: 'set_back', until: waitUntil, detail: 'it was set back when it was looked at' }]
}

function outcomeOf(result: string | undefined): Outcome | undefined {
  return result === undefined || result === '' ? undefined : (JSON.parse(result) as { outcome?: Outcome }).outcome
}
