import type { CallJob, Hindrance } from '@outdial/core'
import { moment } from '../wording.js'
import { etaBy } from './eta.js'
import type { RunOptions } from './options.js'
import type { Simulation } from './simulation.js'
import { Tally } from './tally.js'
import type { Scene } from './views.js'

/** So often a campaign in which nobody is being called is asked why. */
const ASK = 1000

/** Watches a campaign, to be looked at whenever somebody draws it. */
export function sceneOf(
  { engine, clock }: Simulation,
  job: CallJob,
  { speed, timezone }: Pick<RunOptions, 'speed' | 'timezone'>,
  stopping: () => boolean,
  endedBefore: number,
): { look(): Scene; close(): void } {
  const tally = new Tally(engine, endedBefore)
  const eta = etaBy(() => clock.now())
  const total = job.intake.accepted
  let hindrance: Hindrance | undefined
  const ask = async () => {
    hindrance = tally.standing().live === 0 ? (await job.snapshot()).waitingFor : undefined
  }
  // As fast as it can, nobody waits; and what is read at moments of real time has no place in a run to be repeated.
  const timer = speed === Number.POSITIVE_INFINITY ? undefined : setInterval(() => void ask().catch(() => {}), ASK)
  timer?.unref()
  return {
    look: () => {
      const standing = tally.standing()
      const { live, ended } = standing
      return {
        ...standing,
        total,
        stopping: stopping(),
        // Before the window opens again, or the next retry is due, nothing happens.
        left: eta.left({ ...standing, lastRetryAt: Math.max(standing.lastRetryAt, hindrance?.until ?? 0) }, total),
        clock: speed === undefined ? undefined : { at: clock.now(), zone: timezone },
        waiting: live === 0 && ended < total && !stopping() ? waiting(hindrance, timezone) : undefined,
      }
    },
    close: () => clearInterval(timer),
  }
}

function waiting(hindrance: Hindrance | undefined, zone: string): string | undefined {
  if (hindrance === undefined) return undefined
  const { reason, until } = hindrance
  const what = {
    window: 'calling hours',
    retry: 'the next retry',
    capacity: 'room',
    pacing: 'its pace',
    breaker: 'its route to work again',
  }[reason]
  return `waits for ${what}${until === undefined ? '' : `, ${moment(until, zone)}`}`
}
