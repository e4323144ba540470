import { createEngine } from 'outdial'
import { instantCarrier } from '../../support/instant-carrier.js'
import type { Person } from '../support/corpus.js'
import { type OpenStore, openStore } from './outdial-store.js'

/** A whole engine with a job that waits for its start. */
export interface ReadyEngine {
  readonly store: OpenStore
  /** From the engine's start to the job's end: claimed, decided, fenced, placed, ringing, answered, ended. */
  run(): Promise<void>
  close(): Promise<void>
}

/** Reads, checks and stores these people as a campaign, with a carrier that answers at once. */
export async function readyEngine(
  port: number,
  people: readonly Person[],
  { concurrency, events }: { concurrency: number; events?: number },
): Promise<ReadyEngine> {
  const store = await openStore(port, events === undefined ? {} : { events })
  const engine = createEngine({
    storage: store.storage,
    carriers: { instant: instantCarrier() },
    placeAtOnce: concurrency,
  })
  const job = await engine.calls.create({
    name: 'Call lives',
    carrier: 'instant',
    from: '+12025550100',
    contacts: rows(people),
    concurrency,
    start: 'now',
  })
  if (job.intake.accepted !== people.length) {
    throw new Error(`accepted ${job.intake.accepted} of ${people.length}: ${JSON.stringify(job.intake.rejected[0])}`)
  }
  return {
    store,
    async run() {
      await engine.start()
      const { tasks } = await job.finished()
      if (tasks.succeeded !== people.length) throw new Error(`${tasks.succeeded} of ${people.length} succeeded`)
    },
    async close() {
      await engine.stop()
      await store.close()
    },
  }
}

function* rows(people: readonly Person[]): Generator<Record<string, string>, void, undefined> {
  for (const { phone, variables } of people) yield { phone, ...variables }
}
