import type { Organization } from '@outdial/core'
import type { Desk } from '../../../desk/desk.js'
import { json } from '../../../frame/answers.js'
import { defined } from '../../../frame/defined.js'
import { type Route, route } from '../../../frame/route.js'
import { SCOPES } from '../auth.js'
import { erased, organization } from '../schema/answers.js'
import { erasureBody, limitsBody } from '../schema/organization.js'

const group = 'Organization'

const get = route({
  method: 'GET',
  path: '/v1/organization',
  scopes: SCOPES.member,
  summary: 'Who the key belongs to: its limits, its balance',
  document: { group, status: 200, answer: organization },
  async handle({ desk }) {
    return json(200, await view(desk, await desk.profile()))
  },
})

const limits = route({
  method: 'PATCH',
  path: '/v1/organization/limits',
  scopes: SCOPES.manageLimits,
  summary:
    'Change how many calls the organization has at once, begins per second, and may pay for in a day; also for jobs that run',
  body: limitsBody,
  document: { group, status: 200, answer: organization },
  async handle({ desk, body, clock }) {
    return json(200, await view(desk, await desk.limit(defined(body), clock.now())))
  },
})

const erase = route({
  method: 'POST',
  path: '/v1/erasures',
  scopes: SCOPES.manageCalls,
  summary: 'Remove what is known of one person, at their request; counters and do-not-call entries stay',
  body: erasureBody,
  document: { group, status: 200, answer: erased },
  async handle({ desk, body }) {
    const { live, ...rest } = await desk.erase(body)
    const named = live.map(async ({ jobId, index }) => ({ job: (await desk.callJob(jobId)).id, task: index }))
    return json(200, { ...rest, live: await Promise.all(named) })
  },
})

export const organizationRoutes: readonly Route[] = [get, limits, erase]

async function view(desk: Desk, known: Organization): Promise<object> {
  const { id, name, concurrency, cps, weight, moneyPerDay } = known
  return defined({ id, name, concurrency, cps, moneyPerDay, weight, balance: await desk.balance() })
}
