import { json } from '../../../frame/answers.js'
import { type Route, route } from '../../../frame/route.js'
import { SCOPES } from '../auth.js'
import { envelope } from '../envelope.js'
import { appliedFilters, batchCalls } from '../listing.js'
import { listBody, listQuery } from '../schema.js'
import type { Settings } from '../settings.js'

const LIST = '/batch-call/list'
const RETRIEVED = 'Batch calls retrieved successfully'

export function listRoutes(settings: Settings): readonly Route[] {
  const simple = route({
    method: 'GET',
    path: LIST,
    scopes: SCOPES.readCalls,
    summary: 'List batch calls',
    query: listQuery,
    async handle({ desk, links, query: { page, limit, ...sorting } }) {
      const asked = { filter_criteria: {}, pagination: { page, limit }, ...sorting }
      return json(200, envelope(RETRIEVED, await batchCalls({ desk, links, settings }, asked)))
    },
  })

  const advanced = route({
    method: 'POST',
    path: LIST,
    scopes: SCOPES.readCalls,
    summary: 'List batch calls by status, agent and name',
    body: listBody,
    async handle({ desk, links, body }) {
      const listed = await batchCalls({ desk, links, settings }, body)
      return json(200, envelope(RETRIEVED, { ...listed, applied_filters: appliedFilters(body.filter_criteria) }))
    },
  })

  return [simple, advanced]
}
