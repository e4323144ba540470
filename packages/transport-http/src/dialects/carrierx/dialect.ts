import type { Dialect } from '../../dialect.js'
import { credential } from './auth.js'
import { failure } from './errors.js'
import { type CarrierxOptions, settingsOf } from './options.js'
import { routesOf } from './routes.js'

export type { CarrierxOptions, CarrierxType } from './options.js'

/** Batch tasks as CarrierX has them: `/core/v2/batch/tasks`. Throws `invalid_options`. */
export function carrierx(options: CarrierxOptions = {}): Dialect {
  return { name: 'carrierx', roots: ['/core/v2'], routes: routesOf(settingsOf(options)), credential, failure }
}
