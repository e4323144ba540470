import { basename } from 'node:path'
import type { ContactRowSource } from '@outdial/contacts'
import { type CallJob, type IntakeReport, isOutdialError, type JobSnapshot, type RowReport } from '@outdial/core'
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
  hooks: { onRow: (row: RowReport) => void; stopped: () => boolean; key?: string | undefined },
): Promise<CallJob> {
  const { file, from, concurrency, cps, attempts, timezone, window, region } = options
  const contacts = interruptible(contactRows(file), hooks.stopped)
  try {
    return await during(() =>
      engine.calls.create({
        name: basename(file).slice(0, 200),
        carrier: 'simulated',
        contacts,
        from,
        concurrency,
        cps,
        attempts,
        timezone,
        window,
        defaultRegion: region,
        start: 'now',
        onRow: hooks.onRow,
        idempotencyKey: hooks.key,
      }),
    )
  } catch (error) {
    if (isOutdialError(error, 'no_contacts'))
      throw new BadInput(`${file}: ${whyNobody(error.details.report as IntakeReport)}`)
    throw asBadInput(error, file)
  }
}

/**
 * Runs a campaign to its end, or until it is to stop: then no call is begun any more, and those that are live end by
 * themselves. Answers how it stands then.
 */
export async function runCampaign(
  { engine }: Simulation,
  job: CallJob,
  stopped: Promise<unknown>,
  onStop: () => void,
): Promise<JobSnapshot> {
  const waiting = new AbortController()
  await engine.start()
  await resume(job)
  const finished = job.finished({ signal: waiting.signal })
  const first = await Promise.race([finished.then(() => 'finished'), stopped.then(() => 'stopped')])
  if (first === 'stopped') {
    finished.catch(() => {})
    waiting.abort()
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

/** A campaign that Ctrl-C stopped goes on. */
async function resume(job: CallJob): Promise<void> {
  if ((await job.snapshot()).state === 'paused') await job.resume()
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
