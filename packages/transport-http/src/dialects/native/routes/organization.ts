import type { Organization } from '@outdial/core'
import type { Desk } from '../../../desk/desk.js'
import { json } from '../../../frame/answers.js'
import { type Route, route } from '../../../frame/route.js'
import { SCOPES } from '../auth.js'
import { listed, organization } from '../schema/answers.js'
import { limitsBody, suppressionBody } from '../schema/organization.js'

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
    const { concurrency, cps, moneyPerDay } = body
    const given = {
      ...(concurrency !== undefined && { concurrency }),
      ...(cps !== undefined && { cps }),
      ...(moneyPerDay !== undefined && { moneyPerDay }),
    }
    return json(200, await view(desk, await desk.limit(given, clock.now())))
  },
})

function suppression(edit: 'add' | 'remove', summary: string): Route {
  return route({
    method: 'POST',
    path: `/v1/suppression/${edit}`,
    scopes: SCOPES.manageSuppression,
    summary,
    body: suppressionBody,
    document: { group, status: 200, answer: listed },
    async handle({ desk, body }) {
      return json(200, await desk.suppress(edit, body.numbers, body.job))
    },
  })
}

export const organizationRoutes: readonly Route[] = [
  get,
  limits,
  suppression('add', 'Put numbers on the do-not-call list of the organization, or of one campaign'),
  suppression('remove', 'Take numbers off it'),
]

async function view(desk: Desk, { id, name, concurrency, cps, moneyPerDay, weight }: Organization): Promise<object> {
  const balance = await desk.balance()
  return {
    id,
    ...(name !== undefined && { name }),
    ...(concurrency !== undefined && { concurrency }),
    ...(cps !== undefined && { cps }),
    ...(moneyPerDay !== undefined && { moneyPerDay }),
    ...(weight !== undefined && { weight }),
    ...(balance && { balance }),
  }
}
