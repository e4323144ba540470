import type { Dialect } from '../../dialect.js'
import { credential } from './auth.js'
import { failure } from './errors.js'
import { routes } from './routes/index.js'
import { settingsOf, type TalkifaiOptions } from './settings.js'

export type { TalkifaiOptions }

/** Batch calling as clients of TalkifAI know it, `/batch`. Throws `invalid_options` naming the option. */
export function talkifai(options: TalkifaiOptions = {}): Dialect {
  return { name: 'talkifai', roots: ['/batch'], routes: routes(settingsOf(options)), credential, failure }
}
