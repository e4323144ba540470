import type { Attempt, CarrierEvent, Clock } from '@outdial/core'
import type { SimulatedCarrier, SimulatedCarrierOptions, VirtualClock } from '../../src/index.js'
import { simulatedCarrier, virtualClock } from '../../src/index.js'

/** A number reserved for fiction: +1 NPA 555-01xx. There are 80,000. */
export const phone = (index: number): string =>
  `+1${200 + Math.floor(index / 100)}55501${String(index % 100).padStart(2, '0')}`

/** The first attempt at contact `index`. */
export const attemptAt = (index: number, changes: Partial<Attempt> = {}): Attempt => {
  const attempt = changes.attempt ?? 1
  return {
    ref: `job_test:${index}:${attempt}:n0nce`,
    attempt,
    organization: 'acme',
    jobId: 'job_test',
    to: phone(index),
    from: phone(79_999),
    variables: {},
    ringTimeout: 30_000,
    maxDuration: 600_000,
    startable: () => true,
    ...changes,
  }
}

/** How an engine names the call of an attempt. */
export const handleOf = ({ ref, to, from }: Attempt, fencedAt: number) => ({ ref, to, from, fencedAt })

export interface Bench {
  clock: VirtualClock
  carrier: SimulatedCarrier
  /** Everything that the carrier emitted, in order, with the time of arrival. */
  events: (CarrierEvent & { heard: number })[]
  /** The types of the events of one call, in order of arrival. */
  heardOf(attempt: Attempt): string[]
}

/** A carrier that is connected to somebody who writes everything down. Everybody answers, at once, for 10 s, unless told otherwise. */
export const bench = (options: SimulatedCarrierOptions = {}): Bench => {
  const clock = virtualClock()
  const carrier = simulatedCarrier({
    outcomes: { answered: 1 },
    setup: [1_000, 1_000],
    ring: [2_000, 2_000],
    talk: [10_000, 10_000],
    ...options,
  })
  const events: Bench['events'] = []
  carrier.connect(listener(clock, events))
  return {
    clock,
    carrier,
    events,
    heardOf: ({ ref }) => events.filter((event) => event.ref === ref).map(({ type }) => type),
  }
}

export const listener = (clock: Clock, events: Bench['events']) => ({
  clock,
  emit: (event: CarrierEvent) => void events.push({ ...event, heard: clock.now() }),
})
