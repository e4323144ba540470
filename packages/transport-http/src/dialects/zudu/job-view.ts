import type { CallJob, CallSpec, JobSnapshot } from '@outdial/core'
import type { Found } from '../../desk/desk.js'
import type { Links } from '../../frame/links.js'
import { type Counters, countersOf } from './counters.js'
import { batchIdOf } from './ids.js'
import type { Settings } from './settings.js'
import { type BatchStatus, batchStatus } from './states.js'
import { createdAtOf, factsOf, nameOf, scheduledAtOf } from './wire.js'

export const TASKS_FILE = '/batch-call/:id/tasks.json'

/** A status as clients of this transport read it. */
export function wireStatus(status: BatchStatus, { upper }: Settings): string {
  return upper ? status.toUpperCase() : status
}

/** A batch call as the wire shows it, with a fresh URL of its tasks. */
export async function batchView(
  { id, job, snapshot }: Found<CallJob>,
  links: Links,
  settings: Settings,
  counters?: Counters,
): Promise<Record<string, unknown>> {
  const batchId = batchIdOf(id)
  const { sent, picked_up, completed, last_sent_timestamp } = counters ?? (await countersOf(job, snapshot))
  const { from, agent, timezone } = snapshot.spec as CallSpec
  const { total } = snapshot.tasks
  return {
    batch_call_id: batchId,
    name: nameOf(snapshot),
    from_number: from[0] ?? null,
    scheduled_timestamp: scheduledAtOf(snapshot),
    total_task_count: total,
    total,
    sent,
    picked_up,
    completed,
    agent_id: agent ?? null,
    organization_id: snapshot.organization,
    status: wireStatus(batchStatus(snapshot), settings),
    timezone: shownTimezone(snapshot, timezone),
    last_sent_timestamp,
    tasks_url: await links.signed(TASKS_FILE.replace(':id', batchId), settings.lifetime),
    created_timestamp: createdAtOf(snapshot),
  }
}

/** As it was sent. */
function shownTimezone(snapshot: JobSnapshot, timezone: string): string {
  const known = factsOf(snapshot)
  return known ? (known.timezone ?? 'UTC') : timezone
}
