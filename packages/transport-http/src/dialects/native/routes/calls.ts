import type { Disposition } from '@outdial/core'
import { json } from '../../../frame/answers.js'
import { replayed } from '../../../frame/idempotency.js'
import { type Route, route } from '../../../frame/route.js'
import { SCOPES } from '../auth.js'
import { callsView, callView, liveCallView, reportedView } from '../item-view.js'
import { CALLS } from '../kind.js'
import { call as callAnswer, pageOfThe, recorded } from '../schema/answers.js'
import { callPath, dispositionBody } from '../schema/call-jobs.js'
import { jobPath, listPage, pageOf } from '../schema/common.js'

const group = 'Calls'
const CALL = '/v1/calls/:ref'

const list = route({
  method: 'GET',
  path: `${CALLS.jobs}/:id/calls`,
  scopes: SCOPES.readCalls,
  summary: 'List the calls of a campaign, by contact; a page is the calls of `limit` contacts',
  params: jobPath,
  query: listPage,
  document: { group, status: 200, answer: pageOfThe(callAnswer) },
  async handle({ desk, params, query }) {
    const { id, job } = await desk.callJob(params.id)
    const { items, cursor } = await job.taskPage(pageOf(query))
    return json(200, { items: items.flatMap((task) => callsView(id, task)), ...(cursor !== undefined && { cursor }) })
  },
})

const get = route({
  method: 'GET',
  path: CALL,
  scopes: SCOPES.readCalls,
  summary: 'Get a call',
  params: callPath,
  document: { group, status: 200, answer: callAnswer },
  async handle({ desk, params }) {
    const { id, task, record } = await desk.call(params.ref)
    return json(200, record ? callView(id, task.index, record) : liveCallView(id, task, params.ref))
  },
})

const report = route({
  method: 'POST',
  path: `${CALL}/dispositions`,
  scopes: SCOPES.manageCalls,
  summary: 'Record what an agent learned in a call, during it or after',
  params: callPath,
  body: dispositionBody,
  document: { group, status: 200, answer: recorded },
  async handle({ desk, params, body }) {
    const reported = await desk.report(params.ref, body as Disposition)
    return json(200, reportedView(reported), replayed({ replayed: !reported.recorded }))
  },
})

export const callRoutes: readonly Route[] = [list, get, report]
