import type { Attempt, CarrierEvent, Outcome, Random, Rejection } from '@outdial/core'
import { draw, SLOT } from './draws.js'

/** What one call comes to. Whatever is absent is drawn from the carrier's ranges. */
export interface CallScript {
  outcome: Outcome
  /** How long it rings before somebody or something reacts, in milliseconds. From `ringTimeout` on the call ends as `no_answer`. */
  ring?: number
  /** How long is talked, in milliseconds; cut off at the longest call allowed. */
  talk?: number
  /** Instead of what `costPerMinute` makes of it. */
  cost?: number
  /** Beside the SIP code and Q.850 cause that go with the outcome. */
  raw?: Readonly<Record<string, string | number>>
}

/** The carrier says no before placing: `place` answers `rejected`. */
export interface RefusalScript {
  refuse: Rejection
  code?: string
  /** Milliseconds after which it may be tried again. */
  retryAfter?: number
}

/** How often each outcome happens, as weights: they need not add up to one. */
export type OutcomeMix = Partial<Record<Outcome, number>>

/**
 * Decides what comes of a call, from the number, the variables, the attempt or anything else. `random` draws numbers that
 * belong to this number and attempt; use no other chance, or runs are no longer repeatable.
 */
export type DecideOutcome<Variables = Record<string, unknown>> = (
  attempt: Attempt<Variables>,
  random: Random,
) => Outcome | CallScript | RefusalScript

/** A plausible list of consumers in the afternoon. */
export const DEFAULT_OUTCOMES: Readonly<OutcomeMix> = {
  answered: 0.45,
  no_answer: 0.25,
  voicemail: 0.12,
  busy: 0.1,
  rejected: 0.03,
  invalid_number: 0.03,
  network_error: 0.02,
}

/** How a call with this outcome goes: what is signalled, and the codes at its end. */
interface Course {
  /** `reached`: rings, is answered, is talked. `declined`: rings, then ends. `dead`: ends before it rings. */
  course: 'reached' | 'declined' | 'unanswered' | 'dead'
  raw: NonNullable<CarrierEvent['raw']>
}

/** SIP codes and Q.850 causes as carriers report them (RFC 3398, RFC 8197, RFC 8688). */
export const COURSES: Readonly<Record<Exclude<Outcome, 'outcome_unknown'>, Course>> = {
  answered: { course: 'reached', raw: { sip: 200, q850: 16, answeredBy: 'human' } },
  voicemail: { course: 'reached', raw: { sip: 200, q850: 16, answeredBy: 'machine' } },
  fax: { course: 'reached', raw: { sip: 200, q850: 16, answeredBy: 'fax' } },
  abandoned: { course: 'reached', raw: { sip: 200, q850: 16, answeredBy: 'human' } },
  no_answer: { course: 'unanswered', raw: { sip: 487, q850: 19 } },
  rejected: { course: 'declined', raw: { sip: 603, q850: 21 } },
  unwanted: { course: 'declined', raw: { sip: 607, q850: 21 } },
  canceled: { course: 'declined', raw: { sip: 487, q850: 16 } },
  busy: { course: 'dead', raw: { sip: 486, q850: 17 } },
  invalid_number: { course: 'dead', raw: { sip: 404, q850: 1 } },
  blocked: { course: 'dead', raw: { sip: 608, q850: 21 } },
  failed: { course: 'dead', raw: { sip: 480, q850: 31 } },
  network_error: { course: 'dead', raw: { sip: 504, q850: 102 } },
  carrier_error: { course: 'dead', raw: { sip: 503, q850: 41 } },
}

/** An outcome that a carrier can report. */
export type ReportableOutcome = keyof typeof COURSES

/** Whether a carrier can report this outcome; `outcome_unknown` is the engine's word for never having heard. */
export function isReportable(outcome: unknown): outcome is ReportableOutcome {
  return typeof outcome === 'string' && Object.hasOwn(COURSES, outcome)
}

/** Turns weights into a function from a call's chance to an outcome. The weights are valid. */
export function fromMix(mix: OutcomeMix): (chance: number) => ReportableOutcome {
  const outcomes = (Object.keys(COURSES) as ReportableOutcome[]).filter((outcome) => (mix[outcome] ?? 0) > 0)
  const bounds: number[] = []
  let sum = 0
  for (const outcome of outcomes) {
    sum += mix[outcome] as number
    bounds.push(sum)
  }
  const last = outcomes.at(-1) as ReportableOutcome
  return (chance) => {
    const point = draw(chance, SLOT.outcome) * sum
    for (let i = 0; i < bounds.length; i++) if (point < (bounds[i] as number)) return outcomes[i] as ReportableOutcome
    return last
  }
}
