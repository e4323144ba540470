import type { OperationItem, OperationSpec, ResourceError } from '@outdial/core'
import { CALLED_OFF, GONE, NOT_TRIED_AGAIN, type Problem, TIMED_OUT } from './errors.js'
import { itemFacts } from './wire.js'

/** A number as a job shows it; of jobs that were made otherwise, what is known of it. */
export interface NumberView {
  id?: string
  phone_number?: string
}

/** What has become of one number. */
export interface ItemView {
  /** By the key that it was named by. */
  given: NumberView
  number: NumberView
  place: 'pending' | 'successful' | 'failed'
  errors: Problem[]
}

/** An item of a job, as this dialect needs it. `field` is the key by which the job finds its entries. */
export function itemView(item: OperationItem, field: string | undefined): ItemView {
  const facts = itemFacts.safeParse(item.facts).data
  const { entry, resource } = item
  const id = field === 'id' ? entry : resource?.id
  const phone = facts?.phone_number ?? (field === 'phonenumber' ? entry : textOf(resource?.fields.phonenumber))
  const number: NumberView = {
    ...(id !== undefined && { id }),
    ...(phone !== undefined && { phone_number: phone }),
  }
  const by = facts?.given ?? (field === 'id' ? 'id' : 'phone_number')
  const value = number[by]
  return {
    given: value === undefined ? {} : { [by]: value },
    number,
    place: item.state === 'succeeded' ? 'successful' : ENDED.has(item.state) ? 'failed' : 'pending',
    errors: ENDED.has(item.state) ? errorsOf(item) : [],
  }
}

/** Every final state but success. */
const ENDED: ReadonlySet<string> = new Set(['failed', 'skipped', 'canceled', 'expired'])

function errorsOf({ state, reason, errors }: OperationItem): Problem[] {
  if (state === 'expired' || reason === 'outcome_unknown') return [TIMED_OUT]
  if (state === 'canceled' || state === 'skipped') return [CALLED_OFF]
  if (reason !== 'rejected' || !errors?.length) return [NOT_TRIED_AGAIN]
  return errors.map(problemOf)
}

/** A back end's error. One that speaks in the service's own codes is passed on; others have codes of their own, which are no numbers. */
function problemOf({ code, title, detail, pointer }: ResourceError): Problem {
  const source = pointer === undefined ? {} : { source: { pointer } }
  if (/^\d{5}$/.test(code)) return { code, title, detail: detail ?? title, ...source }
  if (code === 'not_found') return GONE
  return { code: '10015', title: 'Bad Request', detail: detail ?? title, ...source }
}

function textOf(value: unknown): string | undefined {
  return typeof value === 'string' ? value : undefined
}

/** The key by which a job finds its entries. */
export function fieldOf(spec: { kind: string }): string | undefined {
  return spec.kind === 'operations' ? (spec as OperationSpec).field : undefined
}
