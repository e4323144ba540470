import type { Applied, OperationContext, ResourceError, Selector } from '@outdial/core'
import { type Api, type ApiRequest, dataOf, objectOf } from '../api.js'
import { type ApiError, errorsOf } from '../errors.js'
import { failed, itemError, type NotDone, noSuchNumber, notDone } from './applied.js'
import { type Changes, changesOf, resourceOf } from './fields.js'
import { watched } from './pause.js'
import { idOf, pathOf } from './shelf.js'

type Data = Readonly<Record<string, unknown>>

/** One request of an update: what it changes, and what came of it. */
interface Step {
  readonly part: 'own' | 'voice' | 'lock' | 'emergency'
  readonly fields: readonly string[]
  run(startable?: () => boolean): Promise<{ undone?: NotDone; data?: Data }>
}

const JOBS = '/v2/phone_numbers/jobs'

/**
 * Changes a number. The service takes some fields here and some there, so one update is up to four requests, one after the
 * other; each is harmless to repeat. What came of the first that fails is the answer, with the fields named that were changed before.
 */
export async function updateNumber(
  api: Api,
  patience: number,
  selector: Selector,
  data: Data,
  { startable }: Pick<OperationContext, 'startable'>,
): Promise<Applied> {
  const changes = changesOf(data)
  const [strange] = changes.strange
  if (strange !== undefined)
    return failed('unknown_field', `${strange} cannot be changed.`, 'The service has no such setting.', `/${strange}`)
  const id = await idOf(api, selector)
  if (typeof id !== 'string') return id ?? noSuchNumber(selector)
  const steps = stepsOf(api, patience, id, changes)
  const records: Partial<Record<Step['part'], Data>> = {}
  const changed: string[] = []
  for (const { part, fields, run } of steps) {
    const { undone, data: record } = await run(changed.length === 0 ? startable : undefined)
    if (undone) return changed.length === 0 ? missing(undone, selector) : partly(undone, changed)
    if (record) records[part] = record
    changed.push(...fields)
  }
  return records.own ? { status: 'done', resource: resourceOf(records.own, records.voice) } : { status: 'done' }
}

function stepsOf(api: Api, patience: number, id: string, { own, voice, lock, emergency }: Changes): Step[] {
  const direct = (part: Step['part'], path: string, body: Data | undefined, at: string): Step[] =>
    body ? [{ part, fields: Object.keys(body).map((name) => at + name), run: patch(api, path, body, at) }] : []
  const job = (part: Step['part'], name: string, body: Data | undefined): Step[] =>
    body
      ? [
          {
            part,
            fields: Object.keys(body),
            run: throughJob(api, patience, `${JOBS}/${name}`, { phone_numbers: [id], ...body }),
          },
        ]
      : []
  return [
    ...direct('own', pathOf(id), own, ''),
    ...direct('voice', `${pathOf(id)}/voice`, voice, 'voice.'),
    ...job('lock', 'update_phone_numbers', lock),
    ...job('emergency', 'update_emergency_settings', emergency && withAddress(emergency)),
  ]
}

/** An address alone is one to be used. */
function withAddress(emergency: Data): Data {
  return { emergency_enabled: emergency.emergency_address_id != null, ...emergency }
}

function patch(api: Api, path: string, body: Data, at: string): Step['run'] {
  return async (startable) => {
    const reply = await api.request({ method: 'PATCH', path, body, ...asked(startable) })
    const undone = notDone(reply, ({ pointer }) => pointed(pointer, at))
    if (undone) return { undone }
    const data = dataOf(reply)
    return data ? { data } : {}
  }
}

/** Some settings are changed by jobs of the service's only, also those of one number. */
function throughJob(api: Api, patience: number, path: string, body: Data): Step['run'] {
  return async (startable) => {
    const reply = await api.request({ method: 'POST', path, body, ...asked(startable) })
    const undone = notDone(reply)
    if (undone) return { undone }
    const job = dataOf(reply)
    const id = String(job?.id)
    const ended = await watched(patience, async () => {
      const now = dataOf(await api.get(`${JOBS}/${encodeURIComponent(id)}`))
      return now && !['pending', 'in_progress'].includes(String(now.status)) ? now : undefined
    })
    if (!ended) return { undone: { status: 'unknown', message: `the service's job ${id} has not ended` } }
    const { failed_operations: wrong, successful_operations: right } = ended
    if (Array.isArray(right) && right.length > 0) return {}
    const errors = Array.isArray(wrong) ? wrong.flatMap((one: unknown) => jobErrors(objectOf(one)?.errors)) : []
    const [first, ...more] = errors
    if (first) return { undone: { status: 'failed', errors: [first, ...more] } }
    return { undone: { status: 'unknown', message: `the service's job ${id} does not say what came of the number` } }
  }
}

/** A job has the errors of its numbers where answers have theirs. */
function jobErrors(errors: unknown): ResourceError[] {
  const read = errorsOf({ status: 'answered', code: 422, headers: {}, body: '', json: { errors } })
  return read.map((error: ApiError) => itemError(error, error.pointer))
}

function asked(startable: (() => boolean) | undefined): Pick<ApiRequest, 'startable'> {
  return startable ? { startable } : {}
}

function pointed(pointer: string | undefined, at: string): string | undefined {
  return pointer !== undefined && at === 'voice.' ? `/voice${pointer}` : pointer
}

/** A number that is not there has a name of its own, whichever request found out. */
function missing(undone: NotDone, selector: Selector): NotDone {
  if (undone.status === 'failed' && undone.errors[0].code === '10005') return noSuchNumber(selector)
  return undone
}

/** Nothing may be called undone of which a part is done: it is either repeated as a whole, or the part is told. */
function partly(undone: NotDone, changed: readonly string[]): NotDone {
  const detail = `These were changed before the error: ${changed.join(', ')}.`
  if (undone.status === 'failed') {
    const told: ResourceError = { code: 'partly_applied', title: 'A part of the changes was made.', detail }
    return { status: 'failed', errors: [...undone.errors, told] }
  }
  return { status: 'unknown', message: `${undone.message ?? 'the rest was not taken'}. ${detail}` }
}
