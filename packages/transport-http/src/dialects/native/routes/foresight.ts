import type { ForecastAssumptions } from '../../../forecaster.js'
import { json } from '../../../frame/answers.js'
import { type Route, route } from '../../../frame/route.js'
import { SCOPES } from '../auth.js'
import { forecastView } from '../forecast-view.js'
import { explanationView, preflightView } from '../foresight-view.js'
import { CALLS } from '../kind.js'
import { taskPath } from '../schema/call-jobs.js'
import { jobPath } from '../schema/common.js'
import { forecast as forecastAnswer, forecastBody } from '../schema/forecast.js'
import { explanation, preflight as preflightAnswer, preflightQuery } from '../schema/foresight.js'

const JOB = `${CALLS.jobs}/:id`
const group = 'Foresight'
/** A request is not kept waiting for longer: what was looked at by then is answered, and that it was not all. */
const PATIENCE = '10s'

const preflight = route({
  method: 'GET',
  path: `${JOB}/preflight`,
  scopes: SCOPES.readCalls,
  summary: 'What would become of every contact that waits, by reason, before anything rings',
  params: jobPath,
  query: preflightQuery,
  document: { group, status: 200, answer: preflightAnswer },
  async handle({ desk, params, query, signal }) {
    const { id, job } = await desk.callJob(params.id)
    return json(200, preflightView(id, await job.preflight({ ...query, within: PATIENCE, signal })))
  },
})

const explain = route({
  method: 'GET',
  path: `${JOB}/tasks/:task/explanation`,
  scopes: SCOPES.readCalls,
  summary: 'Why a contact was called, was not, or will be, by its position or its number',
  params: taskPath,
  document: { group, status: 200, answer: explanation },
  async handle({ desk, params }) {
    const { id, job } = await desk.callJob(params.id)
    return json(200, explanationView(id, await job.explain(params.task)))
  },
})

const forecast = route({
  method: 'POST',
  path: `${JOB}/forecast`,
  scopes: SCOPES.readCalls,
  summary: 'What a campaign will probably come to: calls, minutes, cost and its end, with ranges, and a curve by hour',
  params: jobPath,
  body: forecastBody,
  document: { group, status: 200, answer: forecastAnswer },
  async handle({ desk, params, body: { assume, days }, signal }) {
    const given = { ...(assume && { assume: assume as ForecastAssumptions }), ...(days !== undefined && { days }) }
    const { id, told } = await desk.forecast(params.id, { ...given, signal })
    return json(200, forecastView(id, told))
  },
})

export const foresightRoutes: readonly Route[] = [preflight, explain, forecast]
