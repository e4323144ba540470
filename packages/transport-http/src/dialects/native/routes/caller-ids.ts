import type { CallerIdUsage } from '@outdial/core'
import type { CallerIdDesk } from '../../../desk/caller-id-desk.js'
import { json } from '../../../frame/answers.js'
import { noBody } from '../../../frame/no-body.js'
import { type Route, route } from '../../../frame/route.js'
import { SCOPES } from '../auth.js'
import { time } from '../job-view.js'
import { callerId, callerIdLimits, callerIdPath, closeBody, closedCallerIds } from '../schema/caller-ids.js'

const ROOT = '/v1/caller-ids'
const ONE = `${ROOT}/:number`
const group = 'Caller ids'
const shared = { params: callerIdPath, document: { group, status: 200, answer: callerId } } as const

const closed = route({
  method: 'GET',
  path: ROOT,
  scopes: SCOPES.readCalls,
  summary: "The organization's numbers that are closed: in quarantine, failing, or by hand",
  document: { group, status: 200, answer: closedCallerIds },
  async handle({ desk }) {
    const all = await desk.callerIds().closed()
    return json(200, { items: all.map(({ number, until, reason }) => ({ number, ...time('until', until), reason })) })
  },
})

const get = route({
  ...shared,
  method: 'GET',
  path: ONE,
  scopes: SCOPES.readCalls,
  summary: 'How a number is used now, and whether it is closed',
  handle: ({ desk, params }) => answered(desk.callerIds().get(params.number)),
})

const close = route({
  ...shared,
  method: 'POST',
  path: `${ONE}/close`,
  scopes: SCOPES.manageCalls,
  summary: 'Close a number for a time, for all campaigns; live calls go on',
  body: closeBody,
  handle: ({ desk, params, body }) => answered(desk.callerIds().close(params.number, body.for)),
})

const release = route({
  ...shared,
  method: 'POST',
  path: `${ONE}/release`,
  scopes: SCOPES.manageCalls,
  summary: 'Open a number, whatever has closed it; campaigns that were paused for want of it go on',
  body: noBody,
  handle: ({ desk, params }) => answered(desk.callerIds().release(params.number)),
})

const limits = route({
  ...shared,
  method: 'PATCH',
  path: `${ONE}/limits`,
  scopes: SCOPES.manageLimits,
  summary: 'Change how much may go out from a number; null takes a limit away, what is left out stays',
  body: callerIdLimits,
  handle: ({ desk, params, body }) => answered(desk.callerIds().limit(params.number, body)),
})

export const callerIdRoutes: readonly Route[] = [closed, get, close, release, limits]

async function answered(usage: ReturnType<CallerIdDesk['get']>): Promise<Response> {
  return json(200, view(await usage))
}

function view({ closedUntil, ...rest }: CallerIdUsage): Record<string, unknown> {
  return { ...rest, ...time('closedUntil', closedUntil) }
}
