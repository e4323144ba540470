import type { Route } from '../../../frame/route.js'
import type { Settings } from '../settings.js'
import { controls } from './control.js'
import { create } from './create.js'
import { exportJob } from './export.js'
import { reading } from './read.js'

/** Routes of the reference first, then those of the platform's pages and an older guide, which are other names for them. */
export function routes(settings: Settings): readonly Route[] {
  return [create(settings), ...reading(settings), ...controls, exportJob]
}
