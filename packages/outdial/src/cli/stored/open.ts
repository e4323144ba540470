import {
  type CallJob,
  type Clock,
  type Engine,
  formatInstant,
  type JobRecord,
  type RateSheet,
  type Storage,
} from '@outdial/core'
import { simulatedCarrier } from '@outdial/simulation'
import { createEngine } from '../../create-engine.js'
import { systemClock } from '../../system-clock.js'
import { BadInput } from '../exit.js'
import { openStore } from '../serve/storage.js'

/** A campaign that is kept somewhere, to be looked at. Nobody is called: the engine is not started. */
export interface Stored {
  readonly engine: Engine
  readonly job: CallJob
  readonly storage: Storage
  /** What it is, for people. */
  readonly name: string
  close(): Promise<void>
}

/** Opens the store that `--storage` names and finds the campaign in it. Throws `BadInput` when one of them is not there. */
export async function openStored(
  where: string | undefined,
  id: string | undefined,
  rates?: RateSheet,
): Promise<Stored> {
  if (where === undefined) {
    throw new BadInput('--job needs --storage: file: and the path of a folder, or redis:// and the rest')
  }
  if (!/^(file:.|rediss?:\/\/)/.test(where)) {
    throw new BadInput(`--storage: '${where}' is neither file: and the path of a folder nor redis:// and the rest`)
  }
  const store = await openStore(where, false, () => {})
  try {
    const { storage, name } = store
    const record = await campaign(storage, name, id)
    const clock = clockFrom(await lastChange(storage, record))
    // Rates are a carrier's; it is never asked for anything.
    const priced = rates && { carriers: { [record.route]: simulatedCarrier() }, rates: { [record.route]: rates } }
    const engine = createEngine({ storage, clock, ...priced }) as Engine
    const job = await engine.calls.get(record.id)
    if (!job) throw new BadInput(`--job: ${record.id} in ${name} is no campaign`)
    const close = async (): Promise<void> => {
      await engine.abandon()
      await store.close()
    }
    return { engine, job, storage, name, close }
  } catch (error) {
    await store.close()
    throw error
  }
}

/** The campaign of this id; without one, the only one there is. */
async function campaign(storage: Storage, name: string, id: string | undefined): Promise<JobRecord> {
  // Asked before there is a clock: whatever time it has is its own.
  const none: Clock = { now: () => 0, monotonic: () => 0, setTimeout: () => ({}), clearTimeout: () => {} }
  await storage.open({ clock: none, random: { next: () => 0 } })
  if (id !== undefined) {
    const found = await storage.getJob(id)
    if (found) return found
    throw new BadInput(`--job: there is no ${id} in ${name}`)
  }
  const { items } = await storage.listJobs({ max: 20 })
  const [only, ...others] = items
  if (!only) throw new BadInput(`--storage: ${name} has no campaigns`)
  if (others.length === 0) return only
  const known = items.map((one) => `${one.id}, ${one.phase.state}, made ${formatInstant(one.createdAt)}`)
  throw new BadInput(`--job is missing; ${name} has:\n  ${known.join('\n  ')}`)
}

async function lastChange(storage: Storage, { id, lastEvent, createdAt }: JobRecord): Promise<number> {
  const page = await storage.events(id, lastEvent - 1, 1)
  return page.status === 'ok' ? (page.events.at(-1)?.at ?? createdAt) : createdAt
}

/** The machine's clock; where simulated time has gone on ahead of it, that time. */
function clockFrom(time: number): Clock {
  const clock = systemClock()
  const ahead = Math.max(0, time - clock.now())
  return { ...bound(clock), now: () => clock.now() + ahead }
}

function bound(clock: Clock): Clock {
  return {
    now: () => clock.now(),
    monotonic: () => clock.monotonic(),
    setTimeout: (run, ms) => clock.setTimeout(run, ms),
    clearTimeout: (timer) => clock.clearTimeout(timer),
  }
}
