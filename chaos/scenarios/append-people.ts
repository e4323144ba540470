import type { Field } from '../conductor/field.js'
import { people } from '../conductor/people.js'
import { sleep } from '../conductor/processes.js'

const TRIES = 100

/** Tries until it is done, as users do with what was refused because the store could not be reached. */
async function insist<T>(attempt: () => Promise<T>): Promise<T> {
  for (let tries = 1; ; tries++) {
    try {
      return await attempt()
    } catch (error) {
      if (tries === TRIES) throw error
      await sleep(500)
    }
  }
}

/** Adds people to the large campaign, twice, as somebody does who has not heard the answer. */
export async function appendPeople({ reminders, people: first, fault }: Field, count: number): Promise<void> {
  const more = people(count, first)
  for (let n = 0; n < 2; n++) {
    await insist(() => reminders.job.append(more, { idempotencyKey: 'more people' }))
    fault()
  }
  reminders.expected += more.length
  reminders.phones.push(...more.map(({ phone }) => phone))
}
