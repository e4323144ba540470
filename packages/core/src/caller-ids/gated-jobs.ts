import type { Host } from '../engine/host.js'
import { changeIfThere } from '../jobs/change-job.js'
import type { JobSpec } from '../jobs/spec.js'
import { isJobOver, JOB_STATES, type JobState } from '../lifecycle/job.js'
import type { Change, JobRecord } from '../ports/storage-jobs.js'
import { isGated } from './choice.js'
import { dayKey } from './day-limit.js'
import { closedKey } from './keys.js'

const PAGE = 200
const UNFINISHED = JOB_STATES.filter((state) => !isJobOver(state))

/**
 * Has all campaigns whose only number is one of these ask for it at each fence, because it is closed or has a daily cap. Those of a number that never
 * was ask nothing, which saves Redis a quarter of its work for a call. Each is changed in the store: its workers read it anew, and what they had
 * claimed before is refused.
 */
export async function askForNumbers(host: Host, organization: string, numbers: readonly string[]): Promise<void> {
  if (numbers.length === 0) return
  const asked = new Set(numbers)
  let cursor: string | undefined
  do {
    const query = { organization, states: UNFINISHED, max: PAGE, ...(cursor !== undefined && { cursor }) }
    const page = await host.storage.listJobs(query)
    for (const { id, spec } of page.items) {
      if (hasToAsk(JSON.parse(spec) as JobSpec, asked)) await ask(host, id, asked)
    }
    cursor = page.cursor
  } while (cursor !== undefined)
}

/** Whether one of these numbers is closed, has been, or has a daily cap. */
export async function isLimited(host: Host, organization: string, numbers: readonly string[]): Promise<boolean> {
  const keys = numbers.flatMap((number) => [closedKey(organization, number), dayKey(organization, number)])
  const usage = await host.storage.usage(keys.map((key) => ({ key })))
  return usage.some(({ rule }) => !('none' in rule))
}

/**
 * The same for some campaigns, by what is stored of their numbers: whoever limited one may have died before the campaigns that call
 * from it were changed.
 */
export async function askWhereLimited(host: Host, jobs: readonly JobRecord[]): Promise<void> {
  const gated = jobs.flatMap(({ id, organization, spec: text }) => {
    const spec = JSON.parse(text) as JobSpec
    const silent = spec.kind === 'calls' && isGated(spec) && !spec.asksNumber
    return silent ? [{ id, organization, number: spec.from[0] as string }] : []
  })
  if (gated.length === 0) return
  const keys = gated.flatMap(({ organization, number }) => [
    closedKey(organization, number),
    dayKey(organization, number),
  ])
  const usage = await host.storage.usage(keys.map((key) => ({ key })))
  for (const [i, { id, number }] of gated.entries()) {
    const limited = [usage[i * 2], usage[i * 2 + 1]].some((one) => one !== undefined && !('none' in one.rule))
    if (limited) await ask(host, id, new Set([number]))
  }
}

async function ask(host: Host, jobId: string, numbers: ReadonlySet<string>): Promise<void> {
  const make = (job: JobRecord, spec: JobSpec): Change => {
    if (isJobOver(job.phase.state as JobState) || !hasToAsk(spec, numbers)) return {}
    return { spec: JSON.stringify({ ...spec, asksNumber: true }), note: 'its number is asked for at each fence' }
  }
  await changeIfThere(host, jobId, make)
}

function hasToAsk(spec: JobSpec, numbers: ReadonlySet<string>): boolean {
  return spec.kind === 'calls' && isGated(spec) && !spec.asksNumber && numbers.has(spec.from[0] as string)
}
