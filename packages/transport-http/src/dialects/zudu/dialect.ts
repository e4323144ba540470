import type { Dialect } from '../../dialect.js'
import { credential } from './auth.js'
import { failure } from './errors.js'
import { routesOf } from './routes/index.js'
import { settingsOf, type ZuduOptions } from './settings.js'

export type { ZuduOptions } from './settings.js'

/** Zudu's API, `/batch-call`: campaigns of up to a thousand calls. Throws `invalid_options` naming a wrong option. */
export function zudu(options: ZuduOptions = {}): Dialect {
  return { name: 'zudu', roots: ['/batch-call'], routes: routesOf(settingsOf(options)), credential, failure }
}
