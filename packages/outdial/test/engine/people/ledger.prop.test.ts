import fc from 'fast-check'
import { type AttemptEntry, createEngine, type Engine, type LedgerSink, seededIds, seededRandom } from 'outdial'
import { describe, expect, it } from 'vitest'
import { Bench, MINUTE, people, SECOND } from '../support/bench.js'

/** What a sink does with one page: keeps it, refuses it, keeps it and is not heard, or keeps half of it and dies. */
type Mood = 'keeps' | 'refuses' | 'unheard' | 'half' | 'never'

describe('a ledger whose sink and workers fail at any step', () => {
  it('has every attempt at least once, and once each by id', { timeout: 120_000 }, async () => {
    const mood = fc.constantFrom<Mood>('keeps', 'refuses', 'unheard', 'half', 'never')
    const crash = fc.record({ after: fc.nat(20), which: fc.nat(1) })
    await fc.assert(
      fc.asyncProperty(
        fc.integer({ min: 1, max: 60 }),
        fc.array(mood, { maxLength: 12 }),
        fc.array(crash, { maxLength: 4 }),
        fc.nat(1000),
        async (count, moods, crashes, seed) => {
          const bench = new Bench({
            carrier: { seed, outcomes: { answered: 1, no_answer: 2 }, faults: { timeoutPlaced: 0.1 } },
          })
          const left = [...moods]
          const kept: AttemptEntry[] = []
          const sink: LedgerSink = {
            append: async (entries) => {
              const now = left.shift() ?? 'keeps'
              if (now === 'refuses') throw new Error('refused')
              kept.push(...(now === 'half' ? entries.slice(0, entries.length / 2) : now === 'never' ? [] : entries))
              if (now === 'unheard' || now === 'half') throw new Error('lost')
              // Whoever waits for this one waits until his process ends.
              if (now === 'never') await new Promise<void>(() => {})
            },
          }
          let made = 0
          const worker = async (): Promise<Engine> => {
            const name = `worker ${made++}`
            const { storage, carrier, clock } = bench
            const ids = seededIds(name)
            const engine = createEngine({
              storage,
              carriers: { sim: carrier },
              clock,
              ids,
              random: seededRandom(name),
              ledger: sink,
            })
            await engine.start()
            return engine as Engine
          }
          const workers = [await worker(), await worker()]
          const options = bench.campaign({ contacts: people(count), attempts: 3, retry: { no_answer: ['1m', '2m'] } })
          const job = await (workers[0] as Engine).calls.create(options as never)
          for (let second = 0; second < 20; second++) {
            for (const { after, which } of crashes) {
              if (after !== second) continue
              await workers[which]?.abandon()
              workers[which] = await worker()
            }
            await bench.clock.advance(30 * SECOND)
          }
          // A sink that never answers holds its worker; another takes over what it had.
          for (const [i, one] of workers.entries()) {
            await one.abandon()
            workers[i] = await worker()
          }
          left.length = 0
          await bench.clock.advance(10 * MINUTE)
          const attempts = new Map<string, string>()
          for await (const task of (await (workers[0] as Engine).calls.get(job.id))?.tasks() ?? []) {
            for (const call of task.calls) attempts.set(call.ref, call.outcome ?? '')
          }
          const entered = new Map(kept.filter(({ kind }) => kind === 'ended').map((entry) => [entry.id, entry]))
          expect([...entered.keys()].sort()).toEqual([...attempts.keys()].sort())
          for (const [ref, outcome] of attempts) expect(entered.get(ref)?.outcome ?? '').toBe(outcome)
          expect((await bench.storage.takeLedger({ max: 10, leaseMs: 1 })).entries).toEqual([])
          for (const one of workers) await one.abandon()
        },
      ),
      { numRuns: 25 },
    )
  })
})
