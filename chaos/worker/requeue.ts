import type { Storage } from 'outdial'

/** Gives everything that is under way back, whoever works on it: what a queue does when it takes a worker for dead. */
export async function requeueAll(storage: Storage, channel: string): Promise<void> {
  let seq = 0
  for (const { id } of (await storage.listJobs({ max: 100 })).items) {
    const { items } = await storage.scanTasks(id, { places: ['active', 'unknown'], max: 10_000 })
    const refs = items.flatMap(({ ref }) => (ref === undefined ? [] : [ref]))
    for (let i = 0; i < refs.length; i += 100) {
      const reports = refs.slice(i, i + 100).map((ref) => {
        const next = { waitUntil: 0 }
        return { kind: 'close' as const, ref, placed: false, outcome: '', result: JSON.stringify({ ref }), next }
      })
      await storage.exchange({ channel, seq: ++seq, reports, fences: [], claims: [] })
    }
  }
}
