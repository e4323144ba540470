import type { Desk } from '../../../desk/desk.js'
import type { ListVersion, SuppressionDesk } from '../../../desk/suppression-desk.js'
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
  method: 'POST',
  path: `${ROOT}/add`,
  scopes: manageSuppression,
  summary: 'Put numbers on the do-not-call list of the organization, or of one campaign',
  body: addBody,
  document: { group, status: 200, answer: listed },
  async handle({ desk, body: { numbers, job, ...version } }) {
    return json(200, await (await desk.suppression(job)).add(numbers, given(version)))
  },
})

const remove = route({
  method: 'POST',
  path: `${ROOT}/remove`,
  scopes: manageSuppression,
  summary: 'Take numbers off it, whoever put them there',
  body: numbersBody,
  document: { group, status: 200, answer: listed },
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

function upload(
  method: 'POST' | 'PUT',
  summary: string,
  take: (list: SuppressionDesk, ...given: Parameters<SuppressionDesk['add']>) => Promise<{ size: number }>,
): Route {
  return route({
    method,
    path: `${ROOT}/numbers`,
    scopes: manageSuppression,
    summary,
    query: uploadQuery,
    body: 'raw',
    document: { group, status: 200, answer: listed, takes: NUMBER_UPLOADS },
    async handle({ desk, query: { job, defaultRegion, ...version }, raw }) {
      return json(200, await take(await listOf(desk, job), uploadedNumbers(raw, defaultRegion), given(version)))
    },
  })
}

export const suppressionRoutes: readonly Route[] = [
  describe,
  add,
  remove,
  check,
  entries,
  upload('POST', 'Put the numbers of a file on it: one a line, or a column `phone`', (to, ...numbers) =>
    to.add(...numbers),
  ),
  upload('PUT', 'Make it what a file says; what calls have put on it stays', (to, ...numbers) =>
    to.replace(...numbers),
  ),
]

function listOf(desk: Desk, job: string | undefined): Promise<SuppressionDesk> {
  return desk.suppression(job)
}

/** What is left out stays as it was. */
function given(version: { [Name in keyof ListVersion]: ListVersion[Name] | undefined }): ListVersion {
  return Object.fromEntries(Object.entries(version).filter(([, value]) => value !== undefined))
}
