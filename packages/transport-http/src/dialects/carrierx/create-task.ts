import type { Desk, OperationsGiven } from '../../desk/desk.js'
import { json } from '../../frame/answers.js'
import { replayed } from '../../frame/idempotency.js'
import { objectInvalid } from './errors.js'
import { type Around, acceptedView } from './job-view.js'
import { Phones } from './phones.js'
import type { TaskGiven } from './schema.js'

/** Makes a task, and begins it unless it is to be reviewed. `most`: operations that one request may ask for. */
export async function createTask(desk: Desk, given: TaskGiven, around: Around, most: number): Promise<Response> {
  const { method, type, review } = given
  const allowed = around.settings.methodsOf(type)
  if (!allowed.includes(method)) throw objectInvalid('method', `must be one of ${allowed.join(', ')} with type ${type}`)
  const [place, { length }] = method === 'POST' ? ['data', given.data] : ['entries', given.entries]
  if (length > most) throw objectInvalid(place, `must have at most ${most} elements`)
  const made = await desk.createOperations({
    name: `${method} ${type}`.slice(0, 200),
    type,
    ...(review ? { review } : { start: 'now' }),
    ...operations(given, new Phones(around.settings.phoneFieldsOf(type))),
    secrets: around.settings.secretFieldsOf(type),
    wire: { review },
  } as OperationsGiven)
  return json(200, acceptedView(made.snapshot, given, around), replayed(made))
}

/** What is to be done, in the engine's words. */
function operations(given: TaskGiven, phones: Phones): object {
  if (given.method === 'POST')
    return { method: 'create', data: given.data.map((one, i) => phones.dataIn(one, () => `data[${i}]`)) }
  const { field } = given
  const entries = given.entries.map((entry, i) => phones.entryIn(entry, field, i))
  if (given.method === 'DELETE') return { method: 'delete', field, entries }
  return { method: 'update', field, entries, data: phones.dataIn(given.data, () => 'data') }
}
