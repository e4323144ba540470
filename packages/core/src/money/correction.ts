import type { CallRecord } from '../calls/live-call.js'
import type { CallSpec, JobContext } from '../jobs/spec.js'
import type { Outcome } from '../lifecycle/outcome.js'
import type { CarrierEvent } from '../ports/carrier.js'
import type { Hold } from '../ports/storage-limits.js'
import { amountOf, micros } from './amount.js'
import { spentOn } from './charge.js'
import { moneyPlace } from './keys.js'

/** What came to light about a call after its end. */
export interface Correction {
  readonly learned: { outcome?: Outcome; duration?: number; cost?: number; booked?: number }
  /** The record as it is to be. */
  readonly record: CallRecord
  /** Money spent more, or less, than was booked. */
  readonly spent?: readonly Hold[]
}

/** What an event that came too late says that a record does not; `undefined`: nothing. */
export function correctionOf(
  record: CallRecord,
  event: CarrierEvent,
  job: JobContext<CallSpec> | undefined,
): Correction | undefined {
  const { outcome, duration, cost } = event
  const said = {
    ...(event.type === 'ended' && outcome !== undefined && outcome !== record.outcome && { outcome }),
    ...(duration !== undefined && duration !== record.duration && { duration }),
    ...(cost !== undefined && cost !== record.cost && { cost }),
  }
  if (Object.keys(said).length === 0) return undefined
  const corrected = { ...record, ...said, corrections: (record.corrections ?? 0) + 1 }
  const { terms, booked } = record
  const place = job && terms && booked !== undefined ? moneyPlace(job, record.fencedAt) : undefined
  if (!place || !terms || booked === undefined) return { learned: said, record: corrected }
  const spent = spentOn(terms, { ...corrected, endedAt: event.at ?? record.endedAt ?? 0 }, record.answeredAt)
  const n = spent - micros(booked)
  if (n === 0) return { learned: said, record: corrected }
  const now = { booked: amountOf(spent) }
  return {
    learned: { ...said, ...now },
    record: { ...corrected, ...now },
    spent: place.keys.map(({ key }) => ({ key, n })),
  }
}
