import { type Route, route } from '../../frame/route.js'
import { SCOPES } from './auth.js'
import type { Settings } from './options.js'
import { fieldNames, reviewCsv, reviewItems, reviewJson } from './review.js'
import { methodOf } from './states.js'
import { itemAroundOf, taskOf } from './tasks.js'

/** The routes that show what there is to review, written while the back end is asked about each entry. */
export function reviewRoutes(settings: Settings, task: string): Route[] {
  const { json: asJson, csv: asCsv } = settings.reviewPaths
  return [
    route({
      method: 'GET',
      path: `${task}/${asJson}`,
      scopes: SCOPES.read,
      summary: 'Get the review items of a task',
      async handle({ desk, params, openStream }) {
        const found = await taskOf(desk, params.task_sid)
        const around = itemAroundOf(desk, found, settings)
        const waits = found.snapshot.state === 'pending_review'
        return openStream(
          (signal) =>
            reviewJson(methodOf(found.snapshot), around.spec.type, reviewItems(found.job, around, waits, signal)),
          'application/json; charset=utf-8',
        )
      },
    }),
    route({
      method: 'GET',
      path: `${task}/${asCsv}`,
      scopes: SCOPES.read,
      summary: 'Download the review items of a task as CSV',
      async handle({ desk, params, openStream }) {
        const found = await taskOf(desk, params.task_sid)
        const around = itemAroundOf(desk, found, settings)
        const waits = found.snapshot.state === 'pending_review'
        const answer = openStream(
          (signal) =>
            reviewCsv(() => fieldNames(found.job, around.spec), reviewItems(found.job, around, waits, signal)),
          'text/csv; charset=utf-8',
        )
        answer.headers.set('content-disposition', `attachment; filename="${params.task_sid}.csv"`)
        return answer
      },
    }),
  ]
}
