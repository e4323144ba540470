import type { Clock } from '@outdial/core'
import { isOutdialError } from '@outdial/core'
import type { Desk, Found, OperationsGiven } from '../../desk/desk.js'
import { json } from '../../frame/answers.js'
import { replayed } from '../../frame/idempotency.js'
import { acceptedView, jobView } from './job-view.js'
import { checkOpenJobs } from './open-jobs.js'
import type { Settings } from './options.js'
import type { JobType } from './states.js'
import { entryOf, PHONE_NUMBER, type Selected } from './wire.js'

/** What a request wants done, and with which numbers. */
interface Wanted {
  type: JobType
  /** What to set; absent for a deletion. */
  data?: Readonly<Record<string, unknown>>
  /** Finds the numbers; not asked when the request is a repeated one. */
  select: () => Promise<readonly Selected[]>
}

/**
 * Makes a job and starts it. Open jobs are counted twice: before the numbers are looked up, and again when the job is there
 * to be seen by others who count. So of requests that come at once, at whatever server, never more are taken than may be
 * open; for the last place, two may both be refused.
 */
export async function beginJob(
  { desk, clock }: { desk: Desk; clock: Clock },
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
      numbers = await select()
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
