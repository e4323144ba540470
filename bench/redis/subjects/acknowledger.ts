import type { Report, Storage } from 'outdial'
import { type Campaigns, ROUTE } from './outdial-store.js'

const LEASE = 10_000

/** Claims every task and ends it at once, without a fence: as much as a queue does for a job that does nothing. */
export async function acknowledgeAll(
  storage: Storage,
  { tasks }: Campaigns,
  { concurrency, channels }: { concurrency: number; channels: number },
): Promise<number> {
  const { batch } = storage.capabilities
  const max = Math.min(batch, Math.max(1, Math.floor(concurrency / channels)))
  let left = tasks
  const converse = async (number: number) => {
    const channel = `bench${number}:${performance.now()}`
    let reports: Report[] = []
    for (let seq = 1; left > 0; seq++) {
      const claims = [{ route: ROUTE, max, leaseMs: LEASE }]
      const reply = await storage.exchange({ channel, seq, reports, fences: [], claims })
      left -= reply.reports.filter((answer) => answer === 'applied').length
      reports = reply.claims.flatMap(({ tasks }) =>
        tasks.map(({ claim }): Report => {
          return { kind: 'return', claim, next: { terminal: 'succeeded', reason: 'done' } }
        }),
      )
      // The others have what is left.
      if (reports.length === 0 && left > 0) await new Promise((go) => setTimeout(go, 1))
    }
  }
  await Promise.all(Array.from({ length: channels }, (_, number) => converse(number)))
  return tasks
}
