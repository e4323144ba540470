import { basename } from 'node:path'
import type { ContactRowSource } from '@outdial/contacts'
import {
  type CallJob,
  type IntakeReport,
  isJobOver,
  isOutdialError,
  type JobSnapshot,
  type RowReport,
} from '@outdial/core'
import type { PolicyWish } from '../campaign/policy.js'
import { BadInput } from '../exit.js'
import { counted } from '../wording.js'
import type { RunOptions } from './options.js'
import type { Simulation } from './simulation.js'
import { asBadInput, contactRows } from './source.js'

/** Who makes a campaign may lose the wish for it while the file is still being read. */
export class StoppedReading extends Error {}

/** Longer than any call takes: nothing that has been placed is left alone, unless the user leaves. */
const DRAIN = '24h'

/** Reads the file into a campaign that is ready to begin. Throws `BadInput` for the file, `StoppedReading` once stopped. */
export async function createCampaign(
  { engine, during }: Simulation,
  options: RunOptions,
  policy: PolicyWish,
  hooks: { onRow: (row: RowReport) => void; stopped: () => boolean; key?: string | undefined },
): Promise<CallJob> {
  const { file, from, concurrency, cps, attempts, timezone, window, region } = options
  const contacts = interruptible(contactRows(file), hooks.stopped)
  try {
    return await during(() =>
      engine.calls.create({
        ...policy.options,
        name: basename(file).slice(0, 200),
        carrier: 'simulated',
        contacts,
        from,
        concurrency,
        cps,
        attempts,
        timezone,
        window,
        ...(region !== undefined && { defaultRegion: region }),
        ...(policy.budget && { budget: policy.budget }),
        start: 'now',
        onRow: hooks.onRow,
        idempotencyKey: hooks.key,
        // It says all that makes it this campaign; its budget may be another one.
        fingerprint: hooks.key?.slice(0, 200),
      }),
    )
  } catch (error) {
    if (isOutdialError(error, 'no_contacts'))
      throw new BadInput(`${file}: ${whyNobody(error.details.report as IntakeReport)}`)
    throw asBadInput(error, file, policy.saidBy)
  }
}

/**
 * Runs a campaign to its end, or until it is to stop: then no call is begun any more, and those that are live end by
 * themselves. Answers how it stands then.
 */
export async function runCampaign(
  { engine }: Simulation,
  job: CallJob,
  policy: PolicyWish,
  stopped: Promise<unknown>,
  onStop: () => void,
): Promise<JobSnapshot> {
  const waiting = new AbortController()
  await engine.start()
  await resume(job, policy)
  const held = heldUp(engine, job)
  const finished = job.finished({ signal: waiting.signal })
  const ends = [finished.then(() => 'finished'), stopped.then(() => 'stopped'), held.then(() => 'held')]
  const first = await Promise.race(ends)
  if (first !== 'finished') {
    finished.catch(() => {})
    waiting.abort()
  }
  if (first === 'stopped') {
    await pause(job)
    onStop()
  }
  await engine.stop({ drain: DRAIN })
  return job.snapshot()
}

function whyNobody({ read }: IntakeReport): string {
  return read === 0 ? 'has no rows below its header' : `not one of its ${counted(read, 'row')} can be called`
}

/** So that its state says what it is: a campaign that nobody works on. */
async function pause(job: CallJob): Promise<void> {
  try {
    await job.pause({ reason: 'interrupted' })
  } catch (error) {
    // It came to its end just now.
    if (!isOutdialError(error, 'illegal_transition')) throw error
  }
}

/** A campaign that Ctrl-C stopped goes on, and so does one that has more to spend now. */
async function resume(job: CallJob, { budget }: PolicyWish): Promise<void> {
  const { state } = await job.snapshot()
  if (job.replayed && budget && !isJobOver(state))
    await job.update({ budget: { total: null, perDay: null, ...budget } })
  if ((await job.snapshot()).state === 'paused') await job.resume()
}

/** Resolves when the campaign has paused itself and does not go on by itself: its money is spent. */
async function heldUp(engine: Simulation['engine'], job: CallJob): Promise<void> {
  await new Promise<void>((resolve) => {
    const off = engine.on('job.changed', ({ jobId, state, reason }) => {
      if (jobId !== job.id || state !== 'paused' || reason !== 'budget_exhausted') return
      off()
      resolve()
    })
  })
}

function interruptible(source: ContactRowSource, stopped: () => boolean): ContactRowSource {
  return {
    ...source,
    async *rows() {
      for await (const batch of source.rows()) {
        if (stopped()) throw new StoppedReading()
        yield batch
      }
    },
  }
}
