import { test as property } from '@fast-check/vitest'
import fc from 'fast-check'
import type { CallJob, Engine, Reported, Storage } from 'outdial'
import { describe, expect } from 'vitest'
import { Bench, HOUR, MINUTE, SECOND } from '../support/bench.js'

/** The call is over so long after it was begun: a second of set-up, five of ringing, thirty of talk. */
const END = 36 * SECOND

const scenario = fc.record({
  /** When each worker is told, around the end of the call. */
  reports: fc.array(
    fc.record({ at: fc.integer({ min: END - 3000, max: END + 3000 }), worker: fc.nat(1), id: fc.nat(1) }),
    { minLength: 1, maxLength: 4 },
  ),
  outcome: fc.constantFrom('answered' as const, 'no_answer' as const),
  attempts: fc.integer({ min: 1, max: 3 }),
  /** How long each worker's store takes for an answer; the second half of it on the way back. */
  slow: fc.tuple(fc.nat(800), fc.nat(800)),
  /** Which worker dies when, if any. */
  dies: fc.option(fc.record({ worker: fc.nat(1), at: fc.integer({ min: END - 3000, max: END + 3000 }) })),
})

/** A store that is far away. */
function farAway(storage: Storage, bench: Bench, ms: number): Storage {
  const pause = () => new Promise<void>((resolve) => bench.clock.setTimeout(resolve, ms / 2))
  return new Proxy(storage, {
    get(target, name) {
      const method = Reflect.get(target, name) as unknown
      if (typeof method !== 'function' || name === 'waitForWork')
        return typeof method === 'function' ? method.bind(target) : method
      return async (...args: unknown[]) => {
        await pause()
        const answer: unknown = await (method.apply(target, args) as Promise<unknown>)
        await pause()
        return answer
      }
    },
  })
}

describe('a report beside the end of its call, by two workers', () => {
  property.prop([scenario], { numRuns: 150 })('is honoured, or said not to be', async (given) => {
    const talk = given.outcome === 'answered' ? {} : { ring: [35_000, 35_000] as const, talk: [0, 0] as const }
    const bench = new Bench({ carrier: { outcomes: { [given.outcome]: 1 }, ...talk } })
    const stores = given.slow.map((ms) => farAway(bench.storage, bench, ms)) as [Storage, Storage]
    const workers = [bench.engine(stores[0]), bench.engine(stores[1])] as const
    const starting = workers.map((worker) => worker.start())
    await bench.clock.advance(5 * SECOND)
    await Promise.all(starting)
    const options = {
      attempts: given.attempts,
      retry: { no_answer: ['5m'] },
      ringTimeout: '1m',
      maxDuration: '2m',
    }
    const creating = workers[0].calls.create(bench.campaign(options))
    await bench.clock.advance(20 * SECOND)
    // Read without detours.
    const reader = bench.engine()
    const job = (await reader.calls.get((await creating).id)) as CallJob
    const begun = bench.entries('placed')[0]
    const ref = begun?.ref as string
    const at = bench.clock.now() + HOUR

    const answers: (Reported | undefined)[] = []
    const under = given.reports.map(async (report, i) => {
      await new Promise<void>((resolve) =>
        bench.clock.setTimeout(resolve, (begun?.at as number) + report.at - bench.clock.now()),
      )
      // Who dies, or has died, gives no answer; its word may count or not.
      answers[i] = await (workers[report.worker] as Engine).calls
        .report(ref, { id: `r${report.id}`, callback: at })
        .catch(() => undefined)
    })
    const { dies } = given
    if (dies) {
      bench.clock.setTimeout(
        () => void workers[dies.worker]?.abandon(),
        (begun?.at as number) + dies.at - bench.clock.now(),
      )
    }
    await bench.clock.advance(10 * MINUTE)
    if (!dies) await Promise.all(under)
    const said = answers.flatMap((answer) => answer?.callback ?? [])
    const scheduled = said.some(({ status }) => status === 'scheduled')
    // It is known by now, long before that time, what becomes of the contact.
    const task = await job.task(0)
    if (scheduled) expect(task).toMatchObject({ state: 'waiting', waitUntil: at })
    for (const answer of said) {
      if (answer.status === 'scheduled') expect(answer.at).toBe(at)
      else expect(answer.reason).toBe(given.attempts === 1 ? expectedOfOne(answer.reason) : 'ended')
    }
    if (!dies) {
      expect(said).toHaveLength(given.reports.length)
      // Only who had ended, or has no attempt left, is not called back: not a contact that waits for its next call anyway.
      if (given.attempts > 1 && given.outcome === 'no_answer') expect(scheduled).toBe(true)
      if (!scheduled) expect(['succeeded', 'failed']).toContain(task.state)
    }
    await bench.clock.advance(2 * HOUR)
    const placed = bench.entries('placed')
    if (scheduled) expect(placed[1]?.at).toBeGreaterThanOrEqual(at)
    if (scheduled && !dies) expect(placed[1]?.at).toBeLessThan(at + 10 * SECOND)
    expect(placed.length).toBeLessThanOrEqual(given.attempts)
    const stopping = [...workers, reader].map((worker) => worker.stop({ drain: 0 }).catch(() => {}))
    await bench.clock.advance(MINUTE)
    await Promise.all(stopping)
  })
})

/** With one attempt it is that, or, later, that the contact has ended because of it. */
function expectedOfOne(reason: string): string {
  return reason === 'attempts_exhausted' ? reason : 'ended'
}
