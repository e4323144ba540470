import type { Field } from '../conductor/field.js'
import { people } from '../conductor/people.js'

/** Adds people to the large campaign, twice, as somebody does who has not heard the answer. */
export async function appendPeople({ reminders, people: first, fault }: Field, count: number): Promise<void> {
  const more = people(count, first)
  for (let n = 0; n < 2; n++) {
    await reminders.job.append(more, { idempotencyKey: 'more people' })
    fault()
  }
  reminders.expected += more.length
  reminders.phones.push(...more.map(({ phone }) => phone))
}
