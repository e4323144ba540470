import type { CallJob, CallJobChanges, JobSnapshot } from '@outdial/core'
import type { Found } from '../../desk/desk.js'
import { withWire } from '../../desk/wire-facts.js'
import { checkFuture, engineName } from './create.js'
import { cannot, invalidField } from './errors.js'
import { windowOf } from './rules.js'
import type { BatchCallPatch } from './schema.js'
import { type BatchStatus, batchStatus, isOpen, isOver } from './states.js'
import { type BatchFacts, factsOf, scheduledAtOf } from './wire.js'

/**
 * Changes a batch call: its facts first, then its state, each only if nobody else has changed it meanwhile. Whatever can be
 * wrong with the request is found before anything is changed.
 */
export async function patchCalls({ job, snapshot }: Found<CallJob>, patch: BatchCallPatch, now: number): Promise<void> {
  const status = batchStatus(snapshot)
  checkStatus(status, patch)
  const step = stepOf(snapshot, status, patch, now)
  const changes = changesOf(snapshot, patch, step, now)
  const changed = await job.update(changes, { ifRevision: snapshot.revision })
  const condition = { ifRevision: changed.revision }
  if (step === 'start') await job.start(condition)
  else if (typeof step === 'number') await job.schedule(step, condition)
}

function checkStatus(status: BatchStatus, patch: BatchCallPatch): void {
  if (isOver(status)) throw cannot('update', status)
  if (isOpen(status)) {
    // What is scheduled may begin at any moment: only a replacement is safe from that.
    if (status === 'scheduled' && patch.status === 'draft')
      throw invalidField('status', 'a scheduled batch call becomes a draft again by PUT')
    return
  }
  // People are being called: by now only its name is not a matter of theirs.
  const { name: _, status: wanted = status, ...others } = patch
  if (wanted !== status || Object.keys(others).length > 0) throw cannot('update', status)
}

/** What its state does: begins at once, or at a time. */
function stepOf(
  snapshot: JobSnapshot,
  status: BatchStatus,
  patch: BatchCallPatch,
  now: number,
): 'start' | number | undefined {
  const target = patch.status ?? status
  if (target === status && (status !== 'scheduled' || patch.trigger_timestamp === undefined)) return undefined
  if (target === 'sent') return 'start'
  const at = patch.trigger_timestamp ?? scheduledAtOf(snapshot)
  if (at === null) throw invalidField('trigger_timestamp', "is needed with status 'scheduled'")
  checkFuture(at, now)
  return at
}

function changesOf(
  snapshot: JobSnapshot,
  { name, timezone, trigger_timestamp }: BatchCallPatch,
  step: 'start' | number | undefined,
  now: number,
): CallJobChanges {
  const given: BatchFacts = {
    ...(name !== undefined && { name }),
    ...(timezone !== undefined && { timezone }),
    ...(trigger_timestamp !== undefined && { trigger_timestamp }),
    updated: now,
  }
  const named = name !== undefined && { name: engineName(name) }
  const known = factsOf(snapshot)
  if (known) {
    const facts = { ...known, ...given }
    const zoned = timezone !== undefined && { window: windowOf(facts) }
    return { ...named, ...zoned, metadata: withWire(snapshot, facts) }
  }
  // A campaign of another API has nowhere to keep what only this one knows.
  if (timezone !== undefined) throw elsewhere('timezone')
  if (trigger_timestamp !== undefined && typeof step !== 'number') throw elsewhere('trigger_timestamp')
  return { ...named }
}

function elsewhere(field: string) {
  return invalidField(field, 'cannot be changed here: the batch call was made through another API')
}
