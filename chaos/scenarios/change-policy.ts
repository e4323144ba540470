import { type Field, placedCalls } from '../conductor/field.js'
import { sleep } from '../conductor/processes.js'
import { killingMeanwhile } from './killing-meanwhile.js'
import type { Scenario } from './scenario.js'

/** Long enough for every call that was granted before to have been begun, and for many more that must not be. */
const CLOSED = 6_000
/** Of the large campaign so many are put on each list: those whom it would call last. */
const LISTED = 1 / 8

/** Hours close and open, and numbers get on every kind of list, while workers die and one that holds starts stands still. */
export const changePolicy: Scenario = {
  name: 'change-policy',
  about: 'hours closed and opened and numbers put on lists, while workers are killed and one is frozen',
  workers: 4,
  campaigns: { lasts: 30 },
  controls: ['suppression-not-asked', 'hours-not-asked'],
  async act(field) {
    const { crew, people } = field
    await placedCalls(field, people / 20)
    await crew.freeze(0)
    await killingMeanwhile(field, async () => {
      await closeHours(field)
      await suppress(field)
      await closeHours(field)
    })
    crew.thaw(0)
  },
}

async function closeHours({ reminders, stops, fault }: Field): Promise<void> {
  await reminders.job.update({ window: closedForAMinute() })
  const stop: (typeof stops)[number] = { what: 'its hours were over', jobId: reminders.job.id, since: Date.now() }
  stops.push(stop)
  await sleep(CLOSED)
  stop.until = Date.now()
  await reminders.job.update({ window: null })
  fault(2)
}

/**
 * Every hour but for this minute and the next, whatever the zone: a retry that is put off to the next opening comes before long, since
 * what waits keeps its time when hours are changed again.
 */
function closedForAMinute(): string {
  const now = new Date()
  const text = (hour: number, minute: number): string =>
    `${String(hour).padStart(2, '0')}:${String(minute).padStart(2, '0')}`
  const minute = now.getUTCMinutes()
  return Array.from({ length: 24 }, (_, hour) => {
    const next = minute + 2
    const before = minute === 0 ? [] : [`${text(hour, Math.max(0, next - 60))}-${text(hour, minute)}`]
    return [...before, ...(next < 60 ? [`${text(hour, next)}-${text(hour + 1, 0)}`] : [])]
  })
    .flat()
    .join(',')
}

async function suppress({ engine, reminders, stops, fault }: Field): Promise<void> {
  const { job, phones } = reminders
  const { organization } = await job.snapshot()
  const count = Math.round(phones.length * LISTED)
  const scopes = [{ job: job.id }, { organization }, { everything: true }] as const
  for (const [i, scope] of scopes.entries()) {
    const numbers = phones.slice(phones.length - (i + 1) * count, phones.length - i * count)
    await engine.suppression.add(numbers, scope)
    stops.push({
      what: `its number was listed for ${Object.keys(scope)}`,
      numbers: new Set(numbers),
      since: Date.now(),
      ...('job' in scope && { jobId: scope.job }),
    })
    fault()
    await sleep(1_000)
  }
}
