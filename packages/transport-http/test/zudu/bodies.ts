import { CALLER_IDS, people } from '../support/people.js'

/** So many tasks, with fictional people. */
export const tasks = (count: number, more: object = {}) =>
  people(count).map(({ phone, name }) => ({ to_number: phone, dynamic_variables: { first_name: name }, ...more }))

/** A batch call to create. */
export const batch = (count: number, more: object = {}) => ({
  from_number: CALLER_IDS[0],
  tasks: tasks(count),
  name: 'Reminders',
  ...more,
})

/** The virtual clock's start: a Monday, 14:00 in UTC. */
export const MONDAY = Date.parse('2027-01-04T14:00:00Z')
