import { json } from '../../../frame/answers.js'
import { type Route, route } from '../../../frame/route.js'
import { SCOPES } from '../auth.js'
import { CALLS, OPERATIONS } from '../kind.js'
import { openApi } from '../openapi.js'
import { callJobRoutes } from './call-jobs.js'
import { callerIdRoutes } from './caller-ids.js'
import { callRoutes } from './calls.js'
import { controls } from './control.js'
import { eventRoutes } from './events.js'
import { foresightRoutes } from './foresight.js'
import { jobRoutes } from './jobs.js'
import { operationRoutes } from './operation-jobs.js'
import { organizationRoutes } from './organization.js'
import { suppressionRoutes } from './suppression.js'
import { taskRoutes } from './tasks.js'

const described: readonly Route[] = [
  ...callJobRoutes,
  ...jobRoutes(CALLS),
  ...controls(CALLS),
  ...taskRoutes,
  ...foresightRoutes,
  ...callRoutes,
  ...eventRoutes(CALLS),
  ...operationRoutes,
  ...jobRoutes(OPERATIONS),
  ...controls(OPERATIONS),
  ...eventRoutes(OPERATIONS),
  ...organizationRoutes,
  ...suppressionRoutes,
  ...callerIdRoutes,
]

/** Made once, when somebody asks. */
let document: object | undefined

const describe = route({
  method: 'GET',
  path: '/v1/openapi.json',
  scopes: SCOPES.member,
  open: true,
  summary: 'This API as an OpenAPI 3.1 document',
  document: { group: 'About', status: 200, answer: ['application/json'] },
  handle({ links }) {
    document ??= openApi(routes)
    return json(200, { ...document, servers: [{ url: links.to('') }] })
  },
})

export const routes: readonly Route[] = [...described, describe]
