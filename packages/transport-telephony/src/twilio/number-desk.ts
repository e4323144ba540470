import { createHash } from 'node:crypto'
import type { Applied, Resource, ResourceBackend, Selector } from '@outdial/core'
import type { TwilioApi } from './api.js'
import {
  applied,
  isNumberSid,
  noAccount,
  notFound,
  nothingDone,
  numbersIn,
  okOf,
  resourceOf,
  Unanswered,
} from './number-answers.js'
import { readChanges, readWanted } from './number-fields.js'

const PATH = 'IncomingPhoneNumbers'
const BY_NUMBER: ReadonlySet<string> = new Set(['phonenumber', 'phone_number'])
const LONGEST_NAME = 64

type Context = Parameters<ResourceBackend['create']>[1]

/** Numbers of organizations, each in its account. */
export class NumberDesk {
  readonly #api: TwilioApi
  readonly #accountOf: (organization: string) => string | undefined

  constructor(api: TwilioApi, accountOf: (organization: string) => string | undefined) {
    this.#api = api
    this.#accountOf = accountOf
  }

  async find(organization: string, { field, value }: Selector): Promise<Resource | undefined> {
    const account = this.#accountOf(organization)
    if (account === undefined) return undefined
    if (BY_NUMBER.has(field)) return this.#search(account, 'PhoneNumber', value)
    if (!isNumberSid(value)) return undefined
    const answer = await this.#api.get(`${PATH}/${value}.json`, {}, account)
    if (answer.status === 'refused' && answer.error.status === 404) return undefined
    return resourceOf(okOf(answer))
  }

  async *list(organization: string): AsyncGenerator<Resource> {
    const account = this.#accountOf(organization)
    if (account === undefined) return
    const seen = new Set<string>()
    for await (const answer of this.#api.pages(`${PATH}.json`, {}, account)) {
      for (const number of numbersIn(okOf(answer))) {
        // A page may begin again with what was bought or released meanwhile.
        if (seen.has(number.id)) continue
        seen.add(number.id)
        yield number
      }
    }
  }

  async create(data: Readonly<Record<string, unknown>>, context: Context): Promise<Applied> {
    const read = readWanted(data)
    if ('errors' in read) return { status: 'failed', errors: read.errors }
    const account = this.#accountOf(context.organization)
    if (account === undefined) return noAccount(context.organization)
    const { phone, areaCode, name = nameOf(context.ref), parameters } = read.value
    if (phone !== undefined) {
      // Asked for a number that the account has, Twilio changes that one, and says that it was created.
      const owned = await this.#api.get(`${PATH}.json`, { PhoneNumber: phone, PageSize: 50 }, account)
      if (owned.status !== 'ok') return nothingDone(owned)
      if (numbersIn(owned.body).some(({ fields }) => fields.phone_number === phone)) {
        const title = 'The account has this number already.'
        return { status: 'failed', errors: [{ code: 'already_exists', title, pointer: '/phone_number' }] }
      }
    }
    const asked = { ...parameters, FriendlyName: name, PhoneNumber: phone, AreaCode: areaCode }
    return applied(await this.#api.post(`${PATH}.json`, asked, context.startable, account), 'changes')
  }

  async update(
    selector: Selector,
    changes: Readonly<Record<string, unknown>>,
    { organization, startable }: Context,
  ): Promise<Applied> {
    const read = readChanges(changes)
    if ('errors' in read) return { status: 'failed', errors: read.errors }
    const account = this.#accountOf(organization)
    if (account === undefined) return noAccount(organization)
    const found = await this.#locate(organization, selector)
    if ('status' in found) return found
    if (found.id === undefined) return { status: 'failed', errors: [notFound(selector)] }
    const answer = await this.#api.post(`${PATH}/${found.id}.json`, read.value, startable, account)
    if (answer.status === 'refused' && answer.error.status === 404)
      return { status: 'failed', errors: [notFound(selector)] }
    return applied(answer, 'changes')
  }

  async delete(selector: Selector, { organization, startable }: Context): Promise<Applied> {
    const account = this.#accountOf(organization)
    if (account === undefined) return noAccount(organization)
    const found = await this.#locate(organization, selector)
    if ('status' in found) return found
    if (found.id === undefined) return { status: 'done' }
    const answer = await this.#api.delete(`${PATH}/${found.id}.json`, startable, account)
    if (answer.status === 'refused' && answer.error.status === 404 && answer.error.code !== 0) return { status: 'done' }
    return applied(answer, 'removes')
  }

  /** What a purchase of which nobody knows has come to. */
  async findCreated(
    data: Readonly<Record<string, unknown>>,
    { organization, ref }: Pick<Context, 'organization' | 'ref'>,
  ): Promise<Resource | undefined> {
    const read = readWanted(data)
    const account = this.#accountOf(organization)
    if ('errors' in read) return undefined
    // Nobody can be asked, which is no proof that nothing was bought.
    if (account === undefined) throw new Error('Twilio cannot be asked: this organization has no account')
    const { phone, name } = read.value
    if (name === undefined) return this.#search(account, 'FriendlyName', nameOf(ref))
    // It has a name of its own, which others may have too; the number it was bought by is nobody else's.
    const owned = await this.#search(account, 'PhoneNumber', phone ?? '')
    return owned?.fields.friendly_name === name ? owned : undefined
  }

  /** The SID that a selector means; or what to answer when that cannot be found out. */
  async #locate(organization: string, selector: Selector): Promise<{ id: string | undefined } | Applied> {
    if (!BY_NUMBER.has(selector.field)) return { id: isNumberSid(selector.value) ? selector.value : undefined }
    try {
      return { id: (await this.find(organization, selector))?.id }
    } catch (error) {
      if (error instanceof Unanswered) return nothingDone(error.answer)
      throw error
    }
  }

  async #search(account: string, by: 'PhoneNumber' | 'FriendlyName', value: string): Promise<Resource | undefined> {
    const field = by === 'PhoneNumber' ? 'phone_number' : 'friendly_name'
    for await (const answer of this.#api.pages(`${PATH}.json`, { [by]: value }, account)) {
      // A filter by number finds parts of numbers too.
      const found = numbersIn(okOf(answer)).find(({ fields }) => fields[field] === value)
      if (found) return found
    }
    return undefined
  }
}

/** The name under which a purchase is found again. */
function nameOf(ref: string): string {
  return ref.length <= LONGEST_NAME ? ref : createHash('sha256').update(ref).digest('hex')
}
