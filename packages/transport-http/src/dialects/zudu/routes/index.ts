import type { Route } from '../../../frame/route.js'
import type { Settings } from '../settings.js'
import { controlRoutes } from './control.js'
import { listRoutes } from './lists.js'
import { taskRoutes } from './tasks.js'
import { writeRoutes } from './write.js'

/** Lists first: `list` is no id. */
export function routesOf(settings: Settings): readonly Route[] {
  return [...listRoutes(settings), ...writeRoutes(settings), ...controlRoutes(settings), ...taskRoutes()]
}
