import type { Resource, Selector } from '@outdial/core'
import { type Api, type ApiReply, codeOf, dataOf, isGood, objectOf, textOf } from '../api.js'
import { described } from '../errors.js'
import type { NotDone } from './applied.js'
import { resourceOf } from './fields.js'

type Record_ = Readonly<Record<string, unknown>>

/** The most that a page of a list may have. */
const PAGE = 250

/** Path of a number. */
export function pathOf(id: string): string {
  return `/v2/phone_numbers/${encodeURIComponent(id)}`
}

/** The number that a key names, with all its fields. Throws when the service does not say. */
export async function findNumber(api: Api, { field, value }: Selector): Promise<Resource | undefined> {
  const number = field === 'id' ? await numberById(api, value) : await numberByPhone(api, value)
  if (!number || number.status === 'deleted') return undefined
  const reply = await api.get(`${pathOf(String(number.id))}/voice`)
  if (codeOf(reply) === 404) return undefined // It went meanwhile.
  return resourceOf(number, required(reply, 'the voice settings'))
}

/** The id of the number that a key names, or why there is none: it is not there, or the service does not say. */
export async function idOf(api: Api, { field, value }: Selector): Promise<string | NotDone | undefined> {
  if (field === 'id') return value
  try {
    const number = await numberByPhone(api, value)
    return number && String(number.id)
  } catch (error) {
    // It was only asked, so nothing has changed.
    return { status: 'unavailable', message: (error as Error).message }
  }
}

async function numberById(api: Api, id: string): Promise<Record_ | undefined> {
  const reply = await api.get(pathOf(id))
  // An id of another form than ids have is refused, and nothing has it.
  if (codeOf(reply) === 404 || codeOf(reply) === 422) return undefined
  return required(reply, 'the number')
}

/** The service looks for parts of numbers, so the one that is meant has to be picked. */
async function numberByPhone(api: Api, phone: string): Promise<Record_ | undefined> {
  const { data } = pageOf(
    await api.get('/v2/phone_numbers', { 'filter[phone_number]': phone.replace('+', ''), 'page[size]': PAGE }),
  )
  return data.find((one) => one.phone_number === phone && one.status !== 'deleted')
}

/** All numbers of the account, each once, page by page. Throws when the service does not say. */
export async function* listNumbers(api: Api): AsyncGenerator<Resource, void, undefined> {
  const seen = new Set<string>()
  const settings = pages(api, '/v2/phone_numbers/voice')
  const voices = new Map<string, Record_>()
  for await (const numbers of pages(api, '/v2/phone_numbers')) {
    for (const number of numbers) {
      const id = String(number.id)
      // Pages move when numbers come and go while they are read.
      if (seen.has(id) || number.status === 'deleted') continue
      seen.add(id)
      while (!voices.has(id)) {
        const next = await settings.next()
        if (next.done) break
        for (const voice of next.value) voices.set(String(voice.id), voice)
      }
      yield resourceOf(number, voices.get(id))
      voices.delete(id)
    }
  }
}

async function* pages(api: Api, path: string): AsyncGenerator<readonly Record_[], undefined, undefined> {
  for (let page = 1; ; page++) {
    const { data, last } = pageOf(
      await api.get(path, { 'page[number]': page, 'page[size]': PAGE, sort: 'phone_number' }),
    )
    yield data
    if (page >= last) return undefined
  }
}

/** What a page of a list has. Throws when there is none. */
export function pageOf(reply: ApiReply): { data: readonly Record_[]; last: number } {
  const { data, meta } = (isGood(reply) && objectOf(reply.json)) || {}
  const last = objectOf(meta)?.total_pages
  if (!Array.isArray(data) || typeof last !== 'number')
    throw new Error(`telnyx: a list was not read: ${described(reply)}`)
  return { data: data.map(objectOf).filter((one) => one !== undefined), last }
}

function required(reply: ApiReply, what: string): Record_ {
  const data = dataOf(reply)
  if (!data || (textOf(data.id) ?? data.id) === undefined)
    throw new Error(`telnyx: ${what} was not read: ${described(reply)}`)
  return data
}
