import type { Resource, ResourceBackend } from '@outdial/core'
import { TwilioApi } from './api.js'
import { checkAccount } from './check.js'
import { NumberDesk } from './number-desk.js'
import { sid, whole } from './option-checks.js'
import { credentials, type TwilioNumbersOptions } from './options.js'

/** The phone numbers of an account of Twilio's. */
export interface TwilioNumbers extends ResourceBackend {
  readonly type: 'phonenumber'
  list(organization: string): AsyncIterable<Resource>
  /** Ends the connections that are kept alive. A process that ends need not. */
  close(): Promise<void>
}

/**
 * A back end for the phone numbers of an account of Twilio's: they are found by number and SID, bought by `phone_number` or
 * `area_code`, changed by the field names of Twilio's resource, and released. Throws `invalid_options`, with the field.
 *
 * The API has no idempotency keys. A purchase has the operation's ref as `friendly_name`, unless it is given one, and is found
 * again by it, or by the number that is then owned.
 */
export function twilioNumbers(options: TwilioNumbersOptions): TwilioNumbers {
  const account = credentials(options)
  const { accounts, concurrency = 8, createVisibility = 60_000 } = options
  whole(concurrency, 'concurrency')
  whole(createVisibility, 'createVisibility', 0)
  for (const [organization, subaccount] of Object.entries(accounts ?? {}))
    sid(subaccount, `accounts.${organization}`, 'AC')
  const api = new TwilioApi(account)
  const subaccounts = accounts && new Map(Object.entries(accounts))
  const desk = new NumberDesk(api, (organization) => (subaccounts ? subaccounts.get(organization) : account.accountSid))
  return {
    type: 'phonenumber',
    capabilities: { keys: ['phonenumber', 'id', 'phone_number', 'sid'], concurrency, createVisibility },
    find: async (organization, selector) => desk.find(organization, selector),
    list: (organization) => desk.list(organization),
    create: (data, context) => desk.create(data, context),
    update: (selector, changes, context) => desk.update(selector, changes, context),
    delete: (selector, context) => desk.delete(selector, context),
    findCreated: (data, context) => desk.findCreated(data, context),
    check: () => checkAccount(api, account),
    close: () => api.close(),
  }
}
