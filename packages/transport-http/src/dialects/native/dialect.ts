import type { Dialect } from '../../dialect.js'
import { credential } from './auth.js'
import { failure } from './errors.js'
import { routes } from './routes/index.js'

/** How the native API is spoken. */
export type NativeOptions = Record<never, never>

/** The native API, `/v1`: what the engine can do, in its own words. */
export function native(_options: NativeOptions = {}): Dialect {
  return { name: 'native', roots: ['/v1'], routes, credential, failure }
}
