import type { Host } from '../engine/host.js'
import { type IntakeReport, newReport } from '../jobs/intake-report.js'
import { DEFAULT_ZONE, laneAt, laneName } from '../jobs/lanes.js'
import type { OperationPayload } from './live-operation.js'
import type { OperationJobOptions } from './operation-options.js'

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
  const lane = laneAt(0, laneName(DEFAULT_ZONE, 0), null, host.now())
  const { length } = given.method === 'create' ? given.data : given.entries
  for (let seq = 0; seq * CHUNK < length; seq++) {
    const tasks = payloads(given, seq * CHUNK, (seq + 1) * CHUNK).map((payload) => ({
      payload: JSON.stringify(payload),
    }))
    await host.storage.stage(jobId, batch, { seq, lane, tasks })
  }
  const report: IntakeReport = { ...newReport(), read: length, accepted: length }
  return { accepted: length, memo: JSON.stringify(report) }
}

function payloads(given: OperationJobOptions, from: number, until: number): OperationPayload[] {
  return given.method === 'create'
    ? given.data.slice(from, until).map((data) => ({ data }))
    : given.entries.slice(from, until).map((entry) => ({ entry }))
}
