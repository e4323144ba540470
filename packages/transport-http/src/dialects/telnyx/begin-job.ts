import { type Clock, isOutdialError } from '@outdial/core'
import type { Desk, Found, OperationsGiven } from '../../desk/desk.js'
import { json } from '../../frame/answers.js'
import { replayed } from '../../frame/idempotency.js'
import type { RouteContext } from '../../frame/route.js'
import { acceptedView, jobView } from './job-view.js'
import { checkOpenJobs } from './open-jobs.js'
import type { Settings } from './options.js'
import type { JobType } from './states.js'
import { Turns } from './turns.js'
import { entryOf, PHONE_NUMBER, type Selected } from './wire.js'

/** What a request wants done, and with which numbers. */
interface Wanted {
  type: JobType
  /** What to set; absent for a deletion. */
  data?: Readonly<Record<string, unknown>>
  /** Finds the numbers; not asked when the request is a repeated one. */
  select: () => Promise<readonly Selected[]>
}

/** A back end that has not said by then whose the numbers are will not say. */
const PATIENCE = 30_000

type Around = Pick<RouteContext, 'desk' | 'clock'>

/** Makes a job and starts it, and answers as the service does. */
export type BeginJob = (
  around: Around,
  wanted: Wanted,
  headers?: () => Readonly<Record<string, string>>,
) => Promise<Response>

/**
 * Requests of one organization make their jobs one after the other, so that the last place among the open jobs is one
 * request's. Other servers are not waited for, therefore open jobs are counted twice: before the numbers are looked up, and
 * again when the job is there for others to count. So never more are taken than may be open; of two that come at the same
 * moment, at two servers, for the last place, both may be refused.
 */
export function jobMaker(settings: Settings): BeginJob {
  const turns = new Turns()
  return (around, wanted, headers) =>
    turns.take(around.desk.organization, () => beginJob(around, wanted, settings, headers))
}

async function beginJob(
  { desk, clock }: Around,
  { type, data, select }: Wanted,
  settings: Settings,
  headers: () => Readonly<Record<string, string>> = () => ({}),
): Promise<Response> {
  let numbers: readonly Selected[] = []
  const made = await desk.createOperations({
    name: type,
    type: PHONE_NUMBER,
    ...(data ? { method: 'update', data, secrets: ['external_pin'] } : { method: 'delete' }),
    field: 'id',
    entries: async () => {
      await checkOpenJobs(desk, type, settings)
      numbers = await within(clock, PATIENCE, select())
      return numbers.map(entryOf)
    },
    expires: clock.now() + settings.deadline,
  } as OperationsGiven)
  if (made.snapshot.state === 'draft') await start(desk, made, type, settings)
  const { id, job, snapshot } = made
  const view = made.replayed
    ? await jobView(id, job, await job.snapshot(), settings)
    : acceptedView(id, snapshot, numbers, settings)
  return json(202, { data: view }, { ...headers(), ...replayed(made) })
}

async function start(desk: Desk, { job }: Found<Started>, type: JobType, settings: Settings): Promise<void> {
  try {
    await checkOpenJobs(desk, type, settings, job.id)
  } catch (error) {
    await job.cancel({ reason: 'too many open jobs' })
    await job.delete()
    throw error
  }
  try {
    await job.start()
  } catch (error) {
    // A repetition of the request has started it meanwhile.
    if (!isOutdialError(error, 'illegal_transition')) throw error
  }
}

type Started = Awaited<ReturnType<Desk['operationJob']>>['job']

/** Rejects when it takes longer; what comes later is nobody's. */
async function within<T>(clock: Clock, ms: number, answer: Promise<T>): Promise<T> {
  let timer: object | undefined
  const late = new Promise<never>((_, reject) => {
    timer = clock.setTimeout(() => reject(new Error(`telnyx: the numbers were not found within ${ms / 1000} s`)), ms)
  })
  try {
    return await Promise.race([answer, late])
  } finally {
    if (timer) clock.clearTimeout(timer)
  }
}
