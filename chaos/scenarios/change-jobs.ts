import type { Field } from '../conductor/field.js'
import { placedCalls } from '../conductor/field.js'
import { sleep } from '../conductor/processes.js'
import { appendPeople } from './append-people.js'
import type { Scenario } from './scenario.js'

/** Long enough for every call that was granted before to have been begun. */
const PAUSED = 6_000

/** Users change everything while it runs: more people, pause and resume, limits down and up, numbers suppressed, a cancel. */
export const changeJobs: Scenario = {
  name: 'change-jobs',
  about: 'append, pause, resume, cancel, new limits and suppressed numbers in the middle',
  workers: 3,
  controls: ['limits-not-stored', 'suppression-not-asked', 'pause-in-name-only'],
  async act(field) {
    await placedCalls(field, field.people / 20)
    await appendPeople(field, Math.round(field.people / 10))
    await lowerLimits(field)
    await suppress(field)
    await pause(field)
    await field.limits.change('all', { concurrency: 60 }, () =>
      field.engine.setLimits({ everything: true }, { concurrency: 60 }),
    )
    field.fault()
    await cancelSurvey(field)
  },
}

async function lowerLimits({ engine, limits, reminders, fault }: Field): Promise<void> {
  await limits.change('all', { concurrency: 20 }, () => engine.setLimits({ everything: true }, { concurrency: 20 }))
  await limits.change(reminders.job.id, { concurrency: 15 }, () => reminders.job.update({ concurrency: 15 }))
  fault(2)
}

async function suppress({ engine, reminders, stops, fault }: Field): Promise<void> {
  const numbers = reminders.phones.slice(-Math.round(reminders.phones.length / 5))
  await engine.suppression.add(numbers)
  stops.push({ what: 'its number was suppressed', numbers: new Set(numbers), since: Date.now() })
  fault()
}

async function pause({ reminders, stops, fault }: Field): Promise<void> {
  await reminders.job.pause()
  const stop: (typeof stops)[number] = { what: 'its job was paused', jobId: reminders.job.id, since: Date.now() }
  stops.push(stop)
  await sleep(PAUSED)
  stop.until = Date.now()
  await reminders.job.resume()
  fault(2)
}

async function cancelSurvey({ survey, stops, fault }: Field): Promise<void> {
  // Without limits it is over before.
  if ((await survey.job.snapshot()).state === 'completed') return
  await survey.job.cancel()
  stops.push({ what: 'its job was canceled', jobId: survey.job.id, since: Date.now() })
  fault()
}
