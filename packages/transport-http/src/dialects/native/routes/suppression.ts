import { attachment, json, textStream } from '../../../frame/answers.js'
import { type Route, route } from '../../../frame/route.js'
import { SCOPES } from '../auth.js'
import { NUMBER_UPLOADS, uploadedNumbers } from '../numbers.js'
import { listed } from '../schema/answers.js'
import { addBody, entriesQuery, list, listQuery, numbersBody, uploadQuery, verdicts } from '../schema/suppression.js'
import { entriesText, listView, verdictView } from '../suppression-view.js'

const ROOT = '/v1/suppression'
const group = 'Do-not-call lists'
const { manageSuppression, readSuppression } = SCOPES
const changed = { scopes: manageSuppression, document: { group, status: 200, answer: listed } } as const

const describe = route({
  method: 'GET',
  path: ROOT,
  scopes: readSuppression,
  summary: 'The do-not-call list of the organization, or of one campaign, as a whole: how long, how old',
  query: listQuery,
  document: { group, status: 200, answer: list },
  async handle({ desk, query }) {
    return json(200, listView(await (await desk.suppression(query.job)).describe()))
  },
})

const add = route({
  ...changed,
  method: 'POST',
  path: `${ROOT}/add`,
  summary: 'Put numbers on the do-not-call list of the organization, or of one campaign',
  body: addBody,
  async handle({ desk, body: { numbers, job, ...version } }) {
    return json(200, await (await desk.suppression(job)).add(numbers, version))
  },
})

const remove = route({
  ...changed,
  method: 'POST',
  path: `${ROOT}/remove`,
  summary: 'Take numbers off it, whoever put them there',
  body: numbersBody,
  async handle({ desk, body: { numbers, job } }) {
    return json(200, await (await desk.suppression(job)).remove(numbers))
  },
})

const check = route({
  method: 'POST',
  path: `${ROOT}/check`,
  scopes: readSuppression,
  summary: "On which lists numbers are and why: everybody's, the organization's, and with `job` that campaign's",
  body: numbersBody,
  document: { group, status: 200, answer: verdicts },
  async handle({ desk, body: { numbers, job } }) {
    const found = await (await desk.suppression(job)).check(numbers)
    return json(200, { items: found.map(verdictView) })
  },
})

const entries = route({
  method: 'GET',
  path: `${ROOT}/numbers`,
  scopes: readSuppression,
  summary: 'Everybody on the list, as CSV or JSON Lines',
  query: entriesQuery,
  document: { group, status: 200, answer: ['text/csv', 'application/x-ndjson'] },
  async handle({ desk, query: { job, format } }) {
    const type = format === 'csv' ? 'text/csv; charset=utf-8' : 'application/x-ndjson'
    const pieces = entriesText((await desk.suppression(job)).entries(), format)
    return textStream(type, pieces, attachment(`do-not-call.${format}`))
  },
})

function upload(method: 'POST' | 'PUT', edit: 'add' | 'replace', summary: string): Route {
  return route({
    ...changed,
    method,
    path: `${ROOT}/numbers`,
    summary,
    query: uploadQuery,
    body: 'raw',
    document: { ...changed.document, takes: NUMBER_UPLOADS },
    async handle({ desk, query: { job, defaultRegion, ...version }, raw }) {
      const numbers = uploadedNumbers(raw, defaultRegion)
      return json(200, await (await desk.suppression(job))[edit](numbers, version))
    },
  })
}

export const suppressionRoutes: readonly Route[] = [
  describe,
  add,
  remove,
  check,
  entries,
  upload('POST', 'add', 'Put the numbers of a file on it: one a line, or a column `phone`'),
  upload('PUT', 'replace', 'Make it what a file says; what calls have put on it stays'),
]
