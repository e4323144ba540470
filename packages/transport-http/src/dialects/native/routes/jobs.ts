import { empty, json } from '../../../frame/answers.js'
import { type Route, route } from '../../../frame/route.js'
import { etagOf, jobView } from '../job-view.js'
import type { Kind } from '../kind.js'
import { pageOfThe } from '../schema/answers.js'
import { jobPath, listJobs, pageOf } from '../schema/common.js'

/** List, get and delete: the same for both kinds of jobs. */
export function jobRoutes(kind: Kind): readonly Route[] {
  const { group, one, answer } = kind
  return [
    route({
      method: 'GET',
      path: kind.jobs,
      scopes: kind.read,
      summary: `List each ${one}, oldest first`,
      query: listJobs,
      document: { group, status: 200, answer: pageOfThe(answer) },
      async handle({ desk, query }) {
        const page = await desk.page(kind.kind, pageOf(query))
        const items = page.items.map((job) => jobView(desk.idOf(job), job))
        return json(200, { items, ...(page.cursor !== undefined && { cursor: page.cursor }) })
      },
    }),
    route({
      method: 'GET',
      path: `${kind.jobs}/:id`,
      scopes: kind.read,
      summary: `Get a ${one}`,
      params: jobPath,
      document: { group, status: 200, answer },
      async handle({ desk, params }) {
        const { id, snapshot } = await kind.find(desk, params.id)
        return json(200, jobView(id, snapshot), etagOf(snapshot))
      },
    }),
    route({
      method: 'DELETE',
      path: `${kind.jobs}/:id`,
      scopes: kind.manage,
      summary: `Delete a ${one} that has ended`,
      params: jobPath,
      document: { group, status: 204 },
      async handle({ desk, params }) {
        await kind.remove(desk, params.id)
        return empty()
      },
    }),
  ]
}
