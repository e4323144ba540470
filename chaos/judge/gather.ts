import type { Storage, StoredEvent, TaskRecord } from 'outdial'
import type { JobEvidence } from './evidence.js'

/** Reads all that the store says of a job. */
export async function gather(storage: Storage, jobId: string, expected: number): Promise<JobEvidence> {
  const record = await storage.getJob(jobId)
  if (!record) throw new Error(`the store has no job ${jobId}`)
  const tasks: TaskRecord[] = []
  for (let cursor: string | undefined; ; ) {
    const page = await storage.scanTasks(jobId, { max: 500, ...(cursor !== undefined && { cursor }) })
    tasks.push(...page.items)
    cursor = page.cursor
    if (cursor === undefined) break
  }
  const events: StoredEvent[] = []
  for (;;) {
    const page = await storage.events(jobId, events.at(-1)?.seq ?? 0, 500)
    // The log then begins later than with 1, which the judge finds.
    if (page.status !== 'ok') break
    events.push(...page.events)
    if (page.events.length === 0 || (events.at(-1)?.seq ?? 0) >= page.last) break
  }
  return { expected, record, recount: await storage.recount(jobId), tasks, events }
}
