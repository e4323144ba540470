import {
  type AccountProblem,
  type Applied,
  OutdialError,
  type Resource,
  type ResourceBackend,
  type Selector,
} from '@outdial/core'
import { webAddress } from '../webhooks/public-address.js'
import type { Deadlines } from '../wire/reply.js'
import { Api, codeOf, isGood } from './api.js'
import { described, errorsOf } from './errors.js'
import { failed, noSuchNumber, notDone } from './numbers/applied.js'
import { Names } from './numbers/names.js'
import { orderedNumber, orderNumber } from './numbers/order.js'
import { findNumber, idOf, listNumbers, pathOf } from './numbers/shelf.js'
import { updateNumber } from './numbers/update.js'

/** Phone numbers of Telnyx accounts. Times in milliseconds. */
export interface TelnyxNumbersOptions extends Deadlines {
  /**
   * A V2 API key of the account: every organization then has all its numbers. Or a function that names the key of an
   * organization, `undefined` for one that has none: then organizations see only what is theirs.
   */
  apiKey: string | ((organization: string) => string | undefined)
  /** Operations at once. Default 8. */
  concurrency?: number
  /** For how long an order, or a job of the service's, is waited for before its outcome is called unknown. Default 15,000. */
  patience?: number
  /** For how long an order may be missing from the list of orders. Default 60,000; the service states none. */
  orderVisibility?: number
  /**
   * Other names of fields, for clients that were written for another service. Default `{ trunk_group_sid: 'connection_id' }`, which is
   * what clients of CarrierX call it.
   */
  names?: Readonly<Record<string, string>>
  /** Default `https://api.telnyx.com`. */
  baseUrl?: string
  /** Connections at most, for each key. Default 32. */
  connections?: number
}

/** A Telnyx account's numbers, as a back end of resources. */
export interface TelnyxNumbers extends ResourceBackend {
  readonly type: 'phonenumber'
  list(organization: string): AsyncIterable<Resource>
  /** Ends its connections when what is under way has been answered. */
  close(): Promise<void>
}

type Data = Readonly<Record<string, unknown>>

const KEYS: readonly unknown[] = ['phonenumber', 'id']

/**
 * The phone numbers of a Telnyx account: found, listed, bought, changed and given back. Give it to `createEngine` among
 * `resources`. Throws `invalid_options` naming the option that cannot be.
 *
 * @example
 * ```ts
 * const engine = createEngine({ carriers: { telnyx }, resources: [telnyxNumbers({ apiKey })] })
 * ```
 */
export function telnyxNumbers(options: TelnyxNumbersOptions): TelnyxNumbers {
  const { concurrency = 8, patience = 15_000, orderVisibility = 60_000 } = options
  checkOptions({ ...options, concurrency, patience, orderVisibility })
  const accountOf = accounts(options)
  const names = new Names(options.names ?? { trunk_group_sid: 'connection_id' })
  const withAccount = async (
    organization: string,
    selector: Selector | undefined,
    given: Data,
    apply: (api: Api, data: Data) => Promise<Applied>,
  ): Promise<Applied> => {
    const api = accountOf.of(organization)
    if (!api) return failed('no_account', 'This organization has no account at the service.')
    if (selector && !KEYS.includes(selector.field)) return noSuchNumber(selector)
    const read = names.read(given)
    return 'undone' in read ? read.undone : names.told(await apply(api, read.data), given)
  }
  const shown = (resource: Resource | undefined) => resource && names.shown(resource)
  return {
    type: 'phonenumber',
    capabilities: { keys: ['phonenumber', 'id'], concurrency, createVisibility: orderVisibility },
    async find(organization, selector) {
      const api = accountOf.of(organization)
      return api && KEYS.includes(selector.field) ? shown(await findNumber(api, selector)) : undefined
    },
    async *list(organization) {
      const api = accountOf.of(organization)
      if (api) for await (const resource of listNumbers(api)) yield names.shown(resource)
    },
    create: (given, context) =>
      withAccount(context.organization, undefined, given, (api, data) => orderNumber(api, patience, data, context)),
    update: (selector, given, context) =>
      withAccount(context.organization, selector, given, (api, data) =>
        updateNumber(api, patience, selector, data, context),
      ),
    delete: (selector, { organization, startable }) =>
      withAccount(organization, selector, {}, async (api) => {
        const id = await idOf(api, selector)
        if (typeof id !== 'string') return id ?? { status: 'done' }
        const reply = await api.request({ method: 'DELETE', path: pathOf(id), startable })
        const gone = reply.status === 'answered' && reply.code === 404 && errorsOf(reply).length > 0
        return gone ? { status: 'done' } : (notDone(reply) ?? { status: 'done' })
      }),
    async findCreated(_data, { organization, ref }) {
      const api = accountOf.of(organization)
      // Nobody can be asked, which is no proof that nothing was bought.
      if (!api) throw new Error('telnyx: this organization has no account at the service')
      return shown(await orderedNumber(api, ref))
    },
    check: async () => (typeof options.apiKey === 'string' ? checkKey(accountOf.of('')) : []),
    close: () => accountOf.close(),
  }
}

/** Connections to each account that was asked for. */
function accounts({ apiKey, baseUrl, timeout, connectTimeout, connections }: TelnyxNumbersOptions) {
  const { origin } = webAddress(baseUrl ?? 'https://api.telnyx.com', 'baseUrl')
  const apis = new Map<string, Api>()
  const made = (key: string): Api => {
    const api = new Api({
      origin,
      apiKey: key,
      ...(timeout !== undefined && { timeout }),
      ...(connectTimeout !== undefined && { connectTimeout }),
      ...(connections !== undefined && { connections }),
    })
    apis.set(key, api)
    return api
  }
  return {
    of(organization: string): Api | undefined {
      const key = typeof apiKey === 'string' ? apiKey : apiKey(organization)
      return key === undefined ? undefined : (apis.get(key) ?? made(key))
    },
    async close(): Promise<void> {
      await Promise.all([...apis.values()].map((api) => api.close()))
    },
  }
}

async function checkKey(api: Api | undefined): Promise<AccountProblem[]> {
  const reply = await api?.get('/v2/phone_numbers', { 'page[size]': 1 })
  if (!reply || isGood(reply)) return []
  if (codeOf(reply) === 401 || codeOf(reply) === 403)
    return [{ field: 'apiKey', message: 'The service refuses it. Use a V2 API key of this account.' }]
  throw new Error(`telnyx: the account's numbers were not read: ${described(reply)}`)
}

function checkOptions({
  apiKey,
  concurrency,
  patience,
  orderVisibility,
}: Required<Pick<TelnyxNumbersOptions, 'apiKey' | 'concurrency' | 'patience' | 'orderVisibility'>>): void {
  const invalid = (field: string, problem: string) =>
    new OutdialError('invalid_options', `${field}: ${problem}`, { field })
  if (typeof apiKey !== 'function' && (typeof apiKey !== 'string' || apiKey.trim() === ''))
    throw invalid('apiKey', 'expected a V2 API key, or a function that names one')
  if (!(Number.isInteger(concurrency) && concurrency > 0))
    throw invalid('concurrency', 'expected a whole number from 1')
  for (const [field, value] of Object.entries({ patience, orderVisibility }))
    if (!(value >= 0 && Number.isFinite(value))) throw invalid(field, 'expected milliseconds from 0 on')
}
