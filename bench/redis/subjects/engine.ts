import {
  type CallJob,
  type CallPolicyOptions,
  type Carrier,
  createEngine,
  type Engine,
  type EngineOptions,
} from 'outdial'
import { instantCarrier } from '../../support/instant-carrier.js'
import type { Person } from '../support/corpus.js'
import { openStore } from './outdial-store.js'

/** A whole engine on the server. */
export interface OpenEngine {
  readonly engine: Engine<{ bench: Carrier }>
  close(): Promise<void>
}

/** How an engine is made here. */
export interface EngineSettings extends Partial<Omit<EngineOptions<{ bench: Carrier }>, 'storage' | 'carriers'>> {
  /** Default: one that answers at once. */
  carrier?: Carrier
  /** Events kept per job. */
  events?: number
  /** Only makes jobs, and leaves the dialing to others. */
  dials?: false
}

/** An engine as a host has it, with a connection of its own. It has not been started. */
export async function openEngine(
  port: number,
  { carrier = instantCarrier(), placeAtOnce = 100, events, dials, ...others }: EngineSettings = {},
): Promise<OpenEngine> {
  const store = await openStore(port, events === undefined ? {} : { events })
  const engine = createEngine({
    storage: store.storage,
    carriers: { bench: carrier },
    placeAtOnce,
    ...others,
    ...(dials === false && { dial: [] }),
  })
  return {
    engine,
    async close() {
      await engine.stop()
      await store.close()
    },
  }
}

/** A campaign of these people: read, checked, stored, ready to start. */
export async function campaign(
  engine: OpenEngine['engine'],
  people: readonly Person[],
  options: CallPolicyOptions & { from?: readonly string[]; keepOpen?: boolean } = {},
): Promise<CallJob> {
  const job = await engine.calls.create({
    name: 'Bench',
    carrier: 'bench',
    from: '+12025550100',
    contacts: rows(people),
    start: 'now',
    ...options,
  })
  const { accepted, rejected } = job.intake
  if (accepted !== people.length) throw new Error(`accepted ${accepted} of ${people.length}: ${rejected[0]?.message}`)
  return job
}

/** People as the rows of a list. */
export function* rows(people: readonly Person[]): Generator<Record<string, string>, void, undefined> {
  for (const { phone, variables } of people) yield { phone, ...variables }
}
