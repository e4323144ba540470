import type { Desk } from '../../desk/desk.js'
import { tooManyOpenJobs } from './errors.js'
import type { Settings } from './options.js'
import { type JobType, OPEN_STATES, typeOf } from './states.js'

/**
 * Throws when an organization has as many open jobs of this kind as it may have, one of its jobs not counted. Jobs that
 * were made through other dialects count too.
 */
export async function checkOpenJobs(desk: Desk, type: JobType, { openJobs }: Settings, except?: string): Promise<void> {
  const isEmergency = (one: JobType) => one === 'update_emergency_settings'
  const most = isEmergency(type) ? openJobs.emergency : openJobs.numbers
  const { total } = await desk.list({
    kind: 'operations',
    states: OPEN_STATES,
    where: (job) => {
      const other = typeOf(job)
      return other !== undefined && isEmergency(other) === isEmergency(type) && job.id !== except
    },
    limit: 0,
  })
  if (total >= most) throw tooManyOpenJobs(most)
}
