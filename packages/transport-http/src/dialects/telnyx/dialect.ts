import type { Dialect } from '../../dialect.js'
import { credential } from './auth.js'
import { failure } from './errors.js'
import { settingsOf, type TelnyxOptions } from './options.js'
import { deepQuery } from './query.js'
import { routesOf } from './routes.js'

export type { TelnyxOptions } from './options.js'

/** Bulk operations on phone numbers as Telnyx has them: `/v2/phone_numbers/jobs`. Throws `invalid_options`. */
export function telnyx(options: TelnyxOptions = {}): Dialect {
  const routes = routesOf(settingsOf(options))
  return { name: 'telnyx', roots: ['/v2'], routes, credential, failure, query: deepQuery }
}
