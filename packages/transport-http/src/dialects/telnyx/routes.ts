import type { Desk, Found } from '../../desk/desk.js'
import { json } from '../../frame/answers.js'
import { RequestFailed } from '../../frame/failure.js'
import { type Route, route } from '../../frame/route.js'
import { jobOfUuid } from '../../frame/wire-id.js'
import { SCOPES } from './auth.js'
import { type BeginJob, jobMaker } from './begin-job.js'
import { billingGroupNotYours, noFieldToUpdate, numbersMissing, numbersWanted } from './errors.js'
import { isEmpty, updateQuery } from './filter.js'
import { jobView } from './job-view.js'
import { listQuery } from './list-query.js'
import { listedJobs } from './listed-jobs.js'
import type { Settings } from './options.js'
import { deleteBody, emergencyBody, jobPath, updateBody } from './schema.js'
import { filteredNumbers, namedNumbers } from './selection.js'
import { typeOf } from './states.js'
import { fieldsOf } from './voice.js'

const JOBS = '/v2/phone_numbers/jobs'

/** The routes, with the dialect's settings in them. */
export function routesOf(settings: Settings): readonly Route[] {
  const begin = jobMaker(settings)
  return [
    list(settings),
    retrieve(settings),
    update(settings, begin),
    remove(settings, begin),
    emergency(settings, begin),
  ]
}

const list = (settings: Settings) =>
  route({
    method: 'GET',
    path: JOBS,
    scopes: SCOPES.readNumbers,
    summary: 'List the phone numbers jobs',
    query: listQuery(settings),
    async handle({ desk, query }) {
      const { number, size } = query.page
      const { items, total } = await listedJobs(desk, query)
      const data: unknown[] = []
      for (const { id } of items) {
        const found = await desk.operationJob(id)
        data.push(await jobView(found.id, found.job, found.snapshot, settings))
      }
      const meta = {
        total_pages: Math.ceil(total / size),
        total_results: total,
        page_number: number,
        page_size: size,
      }
      return json(200, { data, meta })
    },
  })

const retrieve = (settings: Settings) =>
  route({
    method: 'GET',
    path: `${JOBS}/:id`,
    scopes: SCOPES.readNumbers,
    summary: 'Retrieve a phone numbers job',
    params: jobPath,
    async handle({ desk, params }) {
      const { id, job, snapshot } = await numbersJob(desk, params.id)
      return json(200, { data: await jobView(id, job, snapshot, settings) })
    },
  })

const update = (settings: Settings, begin: BeginJob) =>
  route({
    method: 'POST',
    path: `${JOBS}/update_phone_numbers`,
    scopes: SCOPES.manageNumbers,
    summary: 'Update a batch of numbers',
    query: updateQuery,
    body: updateBody,
    async handle({ desk, query, body, clock }) {
      const { phone_numbers: names = [], voice = {}, ...plain } = body
      const { filter } = query
      const named = names.length > 0
      if (!named && (filter === undefined || isEmpty(filter)))
        throw body.phone_numbers ? numbersWanted() : numbersMissing()
      const data = { ...fieldsOf(voice, 'voice'), ...plain }
      if (Object.keys(data).length === 0) throw noFieldToUpdate()
      const group = plain.billing_group_id
      if (group !== undefined && !(await settings.billingGroup(desk.organization, group))) throw billingGroupNotYours()
      let count: number | undefined
      const select = async () => {
        if (named) return namedNumbers(desk, names, settings)
        const { numbers, matched } = await filteredNumbers(desk, filter ?? {}, settings)
        count = matched
        return numbers
      }
      return begin({ desk, clock }, { type: 'update_phone_numbers', data, select }, () =>
        count === undefined ? {} : { 'x-matched-count': String(count) },
      )
    },
  })

const remove = (settings: Settings, begin: BeginJob) =>
  route({
    method: 'POST',
    path: `${JOBS}/delete_phone_numbers`,
    scopes: SCOPES.manageNumbers,
    summary: 'Delete a batch of numbers',
    body: deleteBody,
    handle: ({ desk, body, clock }) =>
      begin(
        { desk, clock },
        { type: 'delete_phone_numbers', select: () => namedNumbers(desk, body.phone_numbers, settings) },
      ),
  })

const emergency = (settings: Settings, begin: BeginJob) =>
  route({
    method: 'POST',
    path: `${JOBS}/update_emergency_settings`,
    scopes: SCOPES.manageNumbers,
    summary: 'Update the emergency settings of a batch of numbers',
    body: emergencyBody,
    handle({ desk, body, clock }) {
      const { emergency_enabled, emergency_address_id = null, phone_numbers: names } = body
      return begin(
        { desk, clock },
        {
          type: 'update_emergency_settings',
          data: { emergency_enabled, emergency_address_id },
          select: () => namedNumbers(desk, names, settings),
        },
      )
    },
  })

/** The job with this UUID, if it is one that is shown here. */
async function numbersJob(desk: Desk, uuid: string): Promise<Found<Awaited<ReturnType<Desk['operationJob']>>['job']>> {
  const missing = new RequestFailed({ kind: 'missing', what: 'job', id: uuid })
  const id = jobOfUuid(uuid)
  if (id === undefined) throw missing
  const found = await desk.operationJob(id)
  if (typeOf(found.snapshot) === undefined) throw missing
  return found
}
