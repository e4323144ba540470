import type { OperationsGiven } from '../../../desk/desk.js'
import { attachment, json, textStream } from '../../../frame/answers.js'
import { replayed } from '../../../frame/idempotency.js'
import { type Route, route } from '../../../frame/route.js'
import { SCOPES } from '../auth.js'
import { itemView } from '../item-view.js'
import { etagOf, jobView } from '../job-view.js'
import { OPERATIONS } from '../kind.js'
import { item as itemAnswer, madeOperationJob, pageOfThe, planSummary } from '../schema/answers.js'
import { jobPath, listTasks, pageOf, reasonBody } from '../schema/common.js'
import { createOperationJob, itemPath } from '../schema/operation-jobs.js'

const { jobs: JOBS, group } = OPERATIONS
const JOB = `${JOBS}/:id`
const LINES = 'application/x-ndjson'

const create = route({
  method: 'POST',
  path: JOBS,
  scopes: SCOPES.manageOperations,
  summary: 'Create, update or delete many resources',
  body: createOperationJob,
  document: { group, status: 201, answer: madeOperationJob, headers: ['Idempotency-Key'] },
  async handle({ desk, body, links }) {
    const { id, job, snapshot, ...made } = await desk.createOperations(body as OperationsGiven)
    const headers = { ...etagOf(snapshot), ...replayed(made), location: links.to(`${JOBS}/${id}`) }
    return json(201, { ...jobView(id, snapshot), intake: job.intake }, headers)
  },
})

const items = route({
  method: 'GET',
  path: `${JOB}/items`,
  scopes: SCOPES.readOperations,
  summary: 'List the items of a bulk operation, in order',
  params: jobPath,
  query: listTasks,
  document: { group, status: 200, answer: pageOfThe(itemAnswer) },
  async handle({ desk, params, query }) {
    const { id, job } = await desk.operationJob(params.id)
    const { items, cursor } = await job.itemPage(pageOf(query))
    return json(200, { items: items.map((item) => itemView(id, item)), ...(cursor !== undefined && { cursor }) })
  },
})

const item = route({
  method: 'GET',
  path: `${JOB}/items/:index`,
  scopes: SCOPES.readOperations,
  summary: 'Get an item, by its position',
  params: itemPath,
  document: { group, status: 200, answer: itemAnswer },
  async handle({ desk, params }) {
    const { id, job } = await desk.operationJob(params.id)
    return json(200, itemView(id, await job.item(params.index)))
  },
})

const cancelItem = route({
  method: 'POST',
  path: `${JOB}/items/:index/cancel`,
  scopes: SCOPES.manageOperations,
  summary: 'Do not do an item any more that waits',
  params: itemPath,
  body: reasonBody,
  document: { group, status: 200, answer: itemAnswer },
  async handle({ desk, params, body }) {
    const { id, job } = await desk.operationJob(params.id)
    await job.item(params.index)
    return json(200, itemView(id, await job.cancelItem(params.index, body?.reason)))
  },
})

const plan = route({
  method: 'GET',
  path: `${JOB}/plan`,
  scopes: SCOPES.readOperations,
  summary: 'What the waiting items would do if they were done now: JSON Lines, for whoever approves',
  params: jobPath,
  document: { group, status: 200, answer: [LINES] },
  async handle({ desk, params }) {
    const { job } = await desk.operationJob(params.id)
    return textStream(LINES, lines(job.plan()))
  },
})

const summary = route({
  method: 'GET',
  path: `${JOB}/plan/summary`,
  scopes: SCOPES.readOperations,
  summary: 'The same in numbers',
  params: jobPath,
  document: { group, status: 200, answer: planSummary },
  async handle({ desk, params }) {
    const { job } = await desk.operationJob(params.id)
    return json(200, await job.planSummary())
  },
})

const results = route({
  method: 'GET',
  path: `${JOB}/results`,
  scopes: SCOPES.readOperations,
  summary: 'Every item with what became of it, as JSON Lines',
  params: jobPath,
  document: { group, status: 200, answer: [LINES] },
  async handle({ desk, params }) {
    const { id, job } = await desk.operationJob(params.id)
    const views = (async function* () {
      for await (const one of job.items()) yield itemView(id, one)
    })()
    return textStream(LINES, lines(views), attachment(`${id}.jsonl`))
  },
})

export const operationRoutes: readonly Route[] = [create, items, item, cancelItem, summary, plan, results]

async function* lines(objects: AsyncIterable<object>): AsyncGenerator<string> {
  for await (const one of objects) yield `${JSON.stringify(one)}\n`
}
