import type { Host } from '../engine/host.js'
import { unexpectedCount } from '../jobs/expected-count.js'
import { type IntakeReport, newReport } from '../jobs/intake-report.js'
import { ONLY_LANE } from '../jobs/lane-names.js'
import { laneAt } from '../jobs/lanes.js'
import type { JsonObject } from './json.js'
import type { OperationPayload } from './live-operation.js'
import { entriesOf, type OperationEntries, type OperationJobOptions } from './operation-options.js'

/** Items that go to the store at once. */
const CHUNK = 256

/** Stages the items of a new job, in order. */
export async function loadOperations(
  host: Host,
  jobId: string,
  batch: string,
  given: OperationJobOptions,
): Promise<{ accepted: number; memo: string }> {
  // Nothing but the job's own times says when an item may be done: one class for all, always open.
  const lane = laneAt(0, ONLY_LANE, null, host.now())
  const items = given.method === 'create' ? given.data : await entriesOf(given.entries)
  const { length } = items
  if (given.expect !== undefined && given.expect !== length) {
    throw unexpectedCount(given.expect, length, 'Nothing was created.')
  }
  for (let seq = 0; seq * CHUNK < length; seq++) {
    const tasks = items.slice(seq * CHUNK, (seq + 1) * CHUNK).map((item) => ({
      payload: JSON.stringify(payloadOf(item, given.method)),
    }))
    await host.storage.stage(jobId, batch, { seq, lane, tasks })
  }
  const report: IntakeReport = { ...newReport(), read: length, accepted: length }
  return { accepted: length, memo: JSON.stringify(report) }
}

function payloadOf(
  item: JsonObject | OperationEntries[number],
  method: OperationJobOptions['method'],
): OperationPayload {
  if (method === 'create') return { data: item as JsonObject }
  return typeof item === 'string' ? { entry: item } : (item as OperationPayload)
}
