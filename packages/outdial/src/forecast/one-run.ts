import {
  type CallJob,
  type Engine,
  type EngineOptions,
  isOutdialError,
  type Outcome,
  type Storage,
} from '@outdial/core'
import { seededIds, seededRandom, simulatedCarrier, type VirtualClock, virtualClock } from '@outdial/simulation'
import { memoryStorage } from '@outdial/storage-memory'
import { createEngine } from '../create-engine.js'
import { type Assumed, courseOf, mixFor, type Outlook } from './assumptions.js'

/** In what world a campaign is run. */
export interface Setting {
  /** The name of its carrier. */
  route: string
  engine: Partial<Pick<EngineOptions, 'limits' | 'contacts' | 'rates'>>
  assumed: Assumed
  /** When somebody looks ahead, and for how long from the campaign's start on they care. */
  from: number
  span: number
  signal?: AbortSignal | undefined
}

/** What has been made for a run. */
export interface Stage {
  engine: Engine
  storage: Storage
  clock: VirtualClock
}

/** What came of a campaign that was run on the virtual clock. */
export interface RunResult {
  /** When the first call began. */
  beganAt?: number
  /** When the last contact ended; absent when some had not by then. */
  endedAt?: number
  calls: number
  /** Talked, in milliseconds. */
  talked: number
  cost: number
  contacts: { total: number; succeeded: number; failed: number; skipped: number; expired: number; open: number }
  byOutcome: Readonly<Record<string, number>>
  /** Calls and answered calls by the hour of the epoch in which they began. */
  hours: ReadonlyMap<number, { calls: number; answered: number }>
  /** Why it has paused itself and does not go on by itself. */
  paused?: string
}

export const HOUR = 3_600_000
/** See `courseOf`. */
const TICK = 2000

/** Runs the campaign that `make` puts on the stage with the real engine, in no time. */
export async function oneRun(
  setting: Setting,
  outlook: Outlook,
  seed: number | string,
  make: (stage: Stage) => Promise<CallJob>,
): Promise<RunResult> {
  const { route, assumed, from, span, signal } = setting
  const { costPerMinute = 0 } = assumed
  const clock = virtualClock({ start: from, autoAdvance: true })
  const carrier = simulatedCarrier({
    seed,
    ledger: false,
    outcomes: courseOf(assumed, mixFor(assumed, outlook), TICK),
    setup: [TICK, TICK],
    costPerMinute,
  })
  const storage = memoryStorage({ events: 1 })
  const engine = createEngine({
    storage,
    carriers: { [route]: carrier },
    clock,
    ids: seededIds(seed),
    random: seededRandom(seed),
    ...setting.engine,
  }) as Engine
  const hours = new Map<number, { calls: number; answered: number }>()
  const sum = { calls: 0, talked: 0, cost: 0 }
  let beganAt = Number.POSITIVE_INFINITY
  let endedAt = 0
  engine.on(
    'call.ended',
    ({ call: { placed, fencedAt, endedAt: end = fencedAt, outcome, duration = 0, cost = 0, booked = cost } }) => {
      if (placed === false) return
      sum.calls++
      sum.talked += duration
      sum.cost += booked
      beganAt = Math.min(beganAt, fencedAt)
      endedAt = Math.max(endedAt, end)
      count(hours, Math.floor(fencedAt / HOUR), outcome)
    },
  )
  const enough = new AbortController()
  const stop = (): void => enough.abort()
  signal?.addEventListener('abort', stop)
  try {
    const job = await clock.during(make({ engine, storage, clock }))
    const { startAt } = await job.snapshot()
    // Nothing happens before, and an engine that waits for a year is busy waiting.
    if (startAt !== undefined && startAt > clock.now()) clock.setWallClock(startAt)
    clock.setTimeout(stop, span)
    const off = engine.on('job.changed', ({ state, reason }) => {
      if (state === 'paused' && reason === 'budget_exhausted') stop()
    })
    await engine.start()
    const finished = await job.finished({ signal: enough.signal }).catch((error: unknown) => {
      if (isOutdialError(error, 'aborted') && !signal?.aborted) return job.snapshot()
      throw error
    })
    off()
    const { total, succeeded, failed, skipped, expired, open } = finished.tasks
    return {
      ...(sum.calls > 0 && { beganAt }),
      ...(open === 0 && { endedAt: finished.endedAt ?? endedAt }),
      ...sum,
      // As money is counted: in millionths.
      cost: Math.round(sum.cost * 1e6) / 1e6,
      contacts: { total, succeeded, failed, skipped, expired, open },
      byOutcome: finished.byOutcome,
      hours,
      ...(finished.reason === 'budget_exhausted' && { paused: finished.reason }),
    }
  } finally {
    signal?.removeEventListener('abort', stop)
    await engine.abandon()
    clock.dispose()
  }
}

function count(hours: Map<number, { calls: number; answered: number }>, hour: number, outcome?: Outcome): void {
  let counted = hours.get(hour)
  if (!counted) {
    counted = { calls: 0, answered: 0 }
    hours.set(hour, counted)
  }
  counted.calls++
  if (outcome === 'answered') counted.answered++
}
