import fc from 'fast-check'
import { filledJob } from '../../../../conformance/src/support/jobs.js'
import type { ManualClock } from '../../../../conformance/src/support/manual-clock.js'
import { seededIds, seededRandom } from '../../../../simulation/src/index.js'
import { Host } from '../../../src/engine/host.js'
import { Emitter } from '../../../src/events/emitter.js'
import { isOutdialError, type Storage } from '../../../src/index.js'
import { changeJob, stop } from '../../../src/jobs/change-job.js'
import { pausing, pausingItself, resuming, timersNow } from '../../../src/jobs/pauses.js'
import { resumesAt } from '../../../src/jobs/snapshot.js'
import type { CallSpec, JobSpec } from '../../../src/jobs/spec.js'
import { phaseOf } from '../../../src/lifecycle/phase.js'

const span = fc.integer({ min: 1, max: 5 })

/** What people, the engine and time do to a job. */
export const pauseStory: fc.Arbitrary<readonly PauseStep[]> = fc.array(
  fc.oneof(
    fc.record({ do: fc.constant('pause' as const), span: fc.option(span, { nil: undefined }) }),
    fc.record({ do: fc.constant('found' as const), span: fc.option(span, { nil: undefined }) }),
    fc.record({ do: fc.constant('wait' as const), span }),
    fc.record({ do: fc.constantFrom('resume' as const, 'close' as const) }),
    fc.record({
      do: fc.constant('expires' as const),
      span: fc.option(fc.integer({ min: 3, max: 20 }), { nil: undefined }),
    }),
    fc.record({ do: fc.constant('cancel' as const) }),
  ),
  { maxLength: 14 },
)
/** `span` is in seconds. */
export type PauseStep = { do: string; span?: number | undefined }

/** A job as its users understand it. */
interface Model {
  state: 'running' | 'paused' | 'over'
  reason?: string | undefined
  until?: number | undefined
  expiresAt?: number | undefined
}

/** Lives through a story on a store, and says where it is not as it should be. */
export async function livePauses(storage: Storage, clock: ManualClock, story: readonly PauseStep[]): Promise<string[]> {
  await storage.open({ clock, random: seededRandom(1) })
  const host = new Host({ storage, clock, ids: seededIds('1'), random: seededRandom('1'), events: new Emitter() })
  const spec = { kind: 'calls', name: 'A', keepOpen: true, timezone: 'UTC' } as unknown as CallSpec
  await filledJob(storage, { id: 'j1', spec: JSON.stringify(spec), phase: phaseOf('running', spec) }, 3)
  const model: Model = { state: 'running' }
  const wrong: string[] = []
  let seq = 0
  for (const [number, step] of story.entries()) {
    const at = step.span === undefined ? undefined : clock.now() + step.span * 1000
    const name = `${number} ${step.do}`
    let refused = false
    const change = (make: Parameters<typeof changeJob>[2]) =>
      changeJob(host, 'j1', make).catch((error: unknown) => {
        if (!isOutdialError(error, 'illegal_transition')) throw error
        refused = true
      })
    let legal = true
    if (step.do === 'wait') await clock.advance((step.span as number) * 1000)
    if (step.do === 'pause') {
      legal = model.state === 'running' || (model.state === 'paused' && model.until !== undefined)
      await change((job, now) => pausing(job, now, { reason: name, until: at }))
      if (legal) Object.assign(model, { state: 'paused', reason: name, until: at })
    }
    if (step.do === 'found') {
      await change((job, now) => pausingItself(job, now, { reason: name, until: at }))
      if (model.state === 'running') Object.assign(model, { state: 'paused', reason: name, until: at })
    }
    if (step.do === 'resume') {
      legal = model.state === 'paused'
      await change(resuming)
      if (legal) Object.assign(model, { state: 'running', reason: undefined, until: undefined })
    }
    if (step.do === 'cancel') {
      legal = model.state !== 'over'
      await change((job) => stop(job, 'cancel', 'canceled'))
      model.state = 'over'
    }
    // Changes of other things keep the end of a pause.
    if (step.do === 'expires' && model.state !== 'over') {
      await change((job, now) => {
        const changed: JobSpec = { ...now }
        if (at === undefined) delete changed.expiresAt
        else changed.expiresAt = at
        return { spec: JSON.stringify(changed), timers: timersNow(job, changed) }
      })
      model.expiresAt = at
    }
    if (step.do === 'close' && model.state !== 'over') {
      await change((job, now) => ({ timers: timersNow(job, now), note: 'closed' }))
    }
    await storage.exchange({ channel: 'c', seq: ++seq, reports: [], fences: [], claims: [] })
    passTime(model, clock.now())

    const job = await storage.getJob('j1')
    const state = job?.phase.state === 'running' || job?.phase.state === 'paused' ? job.phase.state : 'over'
    if (refused === legal) wrong.push(`${name}: ${refused ? 'refused' : 'taken'}`)
    if (state !== model.state) wrong.push(`${name}: is ${state}, not ${model.state}`)
    if (!job || model.state === 'over') continue
    if (job.phase.reason !== model.reason) wrong.push(`${name}: because of ${job.phase.reason}, not ${model.reason}`)
    if (resumesAt(job) !== model.until) wrong.push(`${name}: until ${resumesAt(job)}, not ${model.until}`)
    if (job.timers.expiry?.at !== model.expiresAt) wrong.push(`${name}: expires ${job.timers.expiry?.at}`)
    if (model.state === 'running' && job.timers.start) wrong.push(`${name}: will start once more`)
  }
  host.dispose()
  return wrong
}

function passTime(model: Model, now: number): void {
  if (model.state === 'over') return
  if (model.expiresAt !== undefined && model.expiresAt <= now) {
    // A pause that ended before does not matter any more.
    model.state = 'over'
  } else if (model.until !== undefined && model.until <= now) {
    Object.assign(model, { state: 'running', reason: undefined, until: undefined })
  }
}
