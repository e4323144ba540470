import type { Applied, OperationContext, Resource } from '@outdial/core'
import { type Api, dataOf, isGood, objectOf, textOf } from '../api.js'
import { commandId } from '../command-id.js'
import { described } from '../errors.js'
import { failed, type NotDone, notDone } from './applied.js'
import { watched } from './pause.js'
import { findNumber, pageOf } from './shelf.js'

type Data = Readonly<Record<string, unknown>>

/** What an order takes for all its numbers, and for each. */
export const ORDER = ['connection_id', 'messaging_profile_id', 'billing_group_id'] as const
export const EACH = ['bundle_id', 'requirement_group_id'] as const
/** By which a number is looked for when none is named. */
export const SEARCH = [
  'country_code',
  'administrative_area',
  'locality',
  'rate_center',
  'national_destination_code',
  'phone_number_type',
  'features',
] as const

/** So many numbers are looked at, to buy one. */
const OFFERS = 50
const TAKEN: ReadonlySet<string> = new Set([...ORDER, ...EACH, ...SEARCH, 'phonenumber'])

const ORDERS = '/v2/number_orders'

/**
 * Buys a number: the one that is named, or one that is found. The order carries the operation's ref, so that it can be found
 * when its answer is lost.
 */
export async function orderNumber(
  api: Api,
  patience: number,
  data: Data,
  { ref, startable }: Pick<OperationContext, 'ref' | 'startable'>,
): Promise<Applied> {
  const strange = Object.keys(data).find((name) => !TAKEN.has(name))
  if (strange !== undefined) {
    const detail = 'An order does not take it. Buy the number first, and update it then.'
    return failed('unknown_field', `${strange} cannot be set when a number is bought.`, detail, `/${strange}`)
  }
  const found = await numberToBuy(api, data, ref)
  if (typeof found !== 'string') return found
  const body = {
    phone_numbers: [{ phone_number: found, ...picked(data, EACH) }],
    ...picked(data, ORDER),
    customer_reference: ref,
  }
  const reply = await api.request({ method: 'POST', path: ORDERS, body, startable })
  const undone = notDone(reply, ({ pointer }) => (pointer?.startsWith('/phone_numbers') ? '/phonenumber' : pointer))
  if (undone) return data.phonenumber === undefined ? another(undone) : undone
  const order = dataOf(reply)
  const id = textOf(order?.id)
  if (!order || id === undefined) return { status: 'unknown', message: 'the service did not name the order' }
  if (order.status === 'failure') return orderFailed(found)
  return completed(api, patience, id, found)
}

/** Waits for the number to be there: an order is taken first and carried out then. */
async function completed(api: Api, patience: number, order: string, phone: string): Promise<Applied> {
  const end = await watched<Applied>(patience, async () => {
    const now = dataOf(await api.get(`${ORDERS}/${encodeURIComponent(order)}`))
    if (now?.status === 'failure') return orderFailed(phone)
    if (now?.status !== 'success') return undefined
    const resource = await findNumber(api, { field: 'phonenumber', value: phone })
    return resource && { status: 'done', resource }
  })
  return end ?? { status: 'unknown', message: `the order ${order} is not carried out yet` }
}

/**
 * The number that an order with this ref brought, if any did. Throws while an order is open, and when the service does not say: then
 * nobody knows.
 */
export async function orderedNumber(api: Api, ref: string): Promise<Resource | undefined> {
  const { data } = pageOf(await api.get(ORDERS, { 'filter[customer_reference]': ref, 'page[size]': 250 }))
  const orders = data.filter(({ customer_reference, status }) => customer_reference === ref && status !== 'failure')
  const [order] = orders
  if (!order) return undefined
  if (order.status !== 'success') throw new Error(`telnyx: the order ${String(order.id)} is not carried out yet`)
  const phone = textOf(objectOf(Array.isArray(order.phone_numbers) && order.phone_numbers[0])?.phone_number)
  const resource = phone === undefined ? undefined : await findNumber(api, { field: 'phonenumber', value: phone })
  if (!resource) throw new Error(`telnyx: the number of order ${String(order.id)} is not in the list yet`)
  return resource
}

/** A number that was found may have gone meanwhile; the next search finds another. */
function another(undone: NotDone): NotDone {
  if (undone.status !== 'failed' || undone.errors[0].pointer !== '/phonenumber') return undone
  return { status: 'unavailable', message: 'somebody else has just taken the number that was found' }
}

/** Those who search at the same time find the same numbers, so each picks one of its own. */
async function numberToBuy(api: Api, data: Data, ref: string): Promise<string | NotDone> {
  const { phonenumber } = data
  if (phonenumber !== undefined) {
    const also = SEARCH.find((name) => data[name] !== undefined)
    if (also !== undefined)
      return failed('invalid_value', `${also} is for finding a number, and one was named.`, undefined, `/${also}`)
    if (typeof phonenumber === 'string' && /^\+[1-9]\d{4,14}$/.test(phonenumber)) return phonenumber
    return failed('invalid_value', 'That is no phone number.', 'Expected E.164, such as +12025550100.', '/phonenumber')
  }
  const filter = Object.entries(picked(data, SEARCH)).map(([name, value]) => [`filter[${name}]`, String(value)])
  const reply = await api.get('/v2/available_phone_numbers', { ...Object.fromEntries(filter), 'filter[limit]': OFFERS })
  const offers = isGood(reply) ? objectOf(reply.json)?.data : undefined
  if (!Array.isArray(offers)) {
    // Nothing has been ordered, whatever came of the search.
    const undone = notDone(reply)
    return undone?.status === 'unknown' || !undone ? { status: 'unavailable', message: described(reply) } : undone
  }
  const pick = Number.parseInt(commandId(ref, 'pick').slice(0, 8), 16) % Math.max(1, offers.length)
  return (
    textOf(objectOf(offers[pick])?.phone_number) ??
    failed('none_available', 'No number is offered.', 'The service has none that meets what was asked for.')
  )
}

function picked(data: Data, names: readonly string[]): Data {
  return Object.fromEntries(names.flatMap((name) => (data[name] === undefined ? [] : [[name, data[name]]])))
}

function orderFailed(phone: string): NotDone {
  return failed('order_failed', 'The order failed.', `The service could not bring ${phone}.`, '/phonenumber')
}
