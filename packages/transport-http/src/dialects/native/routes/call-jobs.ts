import type { AppendOptions } from '@outdial/core'
import type { CallsChange, CallsGiven } from '../../../desk/desk.js'
import { attachment, json, textStream } from '../../../frame/answers.js'
import { replayed } from '../../../frame/idempotency.js'
import type { HttpLimits } from '../../../frame/limits.js'
import { invalid } from '../../../frame/parse.js'
import { type Route, route } from '../../../frame/route.js'
import { SCOPES } from '../auth.js'
import { UPLOADS, uploadedContacts } from '../contacts.js'
import { checkRevision, ifMatch } from '../if-match.js'
import { etagOf, jobView } from '../job-view.js'
import { CALLS } from '../kind.js'
import { resultsText } from '../results.js'
import { added, callJob, madeCallJob } from '../schema/answers.js'
import { appendContacts, changeCallJob, createCallJob, resultsQuery } from '../schema/call-jobs.js'
import { jobPath } from '../schema/common.js'

const { jobs: JOBS, group } = CALLS
const JOB = `${JOBS}/:id`

const create = route({
  method: 'POST',
  path: JOBS,
  scopes: SCOPES.manageCalls,
  summary: 'Create a campaign',
  body: createCallJob,
  document: { group, status: 201, answer: madeCallJob, headers: ['Idempotency-Key'] },
  async handle({ desk, body, links, limits }) {
    atMost(body.contacts, limits)
    const { id, job, snapshot, ...made } = await desk.createCalls(body as CallsGiven)
    const headers = { ...etagOf(snapshot), ...replayed(made), location: links.to(`${JOBS}/${id}`) }
    return json(201, { ...jobView(id, snapshot), intake: job.intake }, headers)
  },
})

const replace = route({
  method: 'PUT',
  path: JOB,
  scopes: SCOPES.manageCalls,
  summary: 'Put another campaign in the place of a draft, or of a scheduled one; it keeps the id',
  params: jobPath,
  body: createCallJob,
  document: { group, status: 200, answer: madeCallJob, headers: ['Idempotency-Key', 'If-Match'] },
  async handle({ desk, params, body, headers, limits }) {
    atMost(body.contacts, limits)
    const found = await desk.callJob(params.id)
    checkRevision(headers, found.snapshot)
    const { id, job, snapshot } = await desk.replaceCalls(found, body as CallsGiven)
    return json(200, { ...jobView(id, snapshot), intake: job.intake }, etagOf(snapshot))
  },
})

const change = route({
  method: 'PATCH',
  path: JOB,
  scopes: SCOPES.manageCalls,
  summary: 'Change a draft, or a campaign that runs: limits, retries, hours, caps, caller ids',
  params: jobPath,
  body: changeCallJob,
  document: { group, status: 200, answer: callJob, headers: ['If-Match'] },
  async handle({ desk, params, body, headers }) {
    const condition = ifMatch(headers)
    const { id, snapshot } = await desk.changeCalls(params.id, body as CallsChange, condition)
    return json(200, jobView(id, snapshot), etagOf(snapshot))
  },
})

const append = route({
  method: 'POST',
  path: `${JOB}/contacts`,
  scopes: SCOPES.manageCalls,
  summary: 'Add contacts to a campaign: CSV, JSON Lines or a JSON array, read as they come',
  params: jobPath,
  query: appendContacts,
  body: 'raw',
  document: { group, status: 200, answer: added, headers: ['Idempotency-Key'], takes: UPLOADS },
  async handle({ desk, params, query, raw, limits }) {
    const found = await desk.callJob(params.id)
    const given = await desk.append(found, uploadedContacts(raw, limits), query as AppendOptions)
    return json(200, given.intake, replayed(given))
  },
})

const results = route({
  method: 'GET',
  path: `${JOB}/results`,
  scopes: SCOPES.readCalls,
  summary: 'A line for each contact, as CSV or JSON Lines',
  params: jobPath,
  query: resultsQuery,
  document: { group, status: 200, answer: ['text/csv', 'application/x-ndjson'] },
  async handle({ desk, params, query: { format } }) {
    const { id, job } = await desk.callJob(params.id)
    const type = format === 'csv' ? 'text/csv; charset=utf-8' : 'application/x-ndjson'
    return textStream(type, resultsText(id, job, format), attachment(`${id}.${format}`))
  },
})

export const callJobRoutes: readonly Route[] = [create, replace, change, append, results]

function atMost(contacts: readonly unknown[], { rows }: HttpLimits): void {
  if (contacts.length > rows)
    throw invalid('body', ['contacts'], `at most ${rows} are taken at once; add the others later`)
}
