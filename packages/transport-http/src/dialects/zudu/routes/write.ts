import { json } from '../../../frame/answers.js'
import { replayed } from '../../../frame/idempotency.js'
import { type Route, route } from '../../../frame/route.js'
import { SCOPES } from '../auth.js'
import { NOTHING_SENT } from '../counters.js'
import { type Beginning, beginningOf, callsOf } from '../create.js'
import { envelope } from '../envelope.js'
import { cannot } from '../errors.js'
import { batchCall } from '../ids.js'
import { batchView } from '../job-view.js'
import { patchCalls } from '../patch.js'
import { type BatchCallBody, batchCallPath, createBatchCall, patchBatchCall } from '../schema.js'
import type { Settings } from '../settings.js'
import { type BatchStatus, batchStatus, isOpen } from '../states.js'
import { createdAtOf, scheduledAtOf } from '../wire.js'

const BATCH_CALL = '/batch-call/:id'
const UPDATED = 'Batch call updated successfully'

export function writeRoutes(settings: Settings): readonly Route[] {
  const create = route({
    method: 'POST',
    path: '/batch-call',
    scopes: SCOPES.manageCalls,
    summary: 'Create a batch call',
    body: createBatchCall,
    async handle({ desk, body, links, clock, requestId }) {
      const made = await desk.createCalls(await callsOf(desk, body, { beginning: beginningOf(body), now: clock.now() }))
      // As it was accepted, even if calls have begun since.
      const view = await batchView(made, links, settings, made.replayed ? undefined : NOTHING_SENT)
      const access_info = { user_id: `user_${desk.organization}`, session_id: `session_${requestId}` }
      return json(201, envelope('Batch call created successfully', { ...view, access_info }), replayed(made))
    },
  })

  const get = route({
    method: 'GET',
    path: BATCH_CALL,
    scopes: SCOPES.readCalls,
    summary: 'Get a batch call',
    params: batchCallPath,
    async handle({ desk, params, links }) {
      const view = await batchView(await batchCall(desk, params.id), links, settings)
      return json(200, envelope('Batch call retrieved successfully', view))
    },
  })

  const put = route({
    method: 'PUT',
    path: BATCH_CALL,
    scopes: SCOPES.manageCalls,
    summary: 'Replace a batch call that has not begun',
    params: batchCallPath,
    body: createBatchCall,
    async handle({ desk, params, body, links, clock }) {
      const old = await batchCall(desk, params.id)
      const { snapshot } = old
      const status = batchStatus(snapshot)
      if (!isOpen(status)) throw cannot('update', status)
      const beginning = replacementBeginning(body, status, scheduledAtOf(snapshot))
      const facts = { created: createdAtOf(snapshot), updated: clock.now() }
      const calls = await callsOf(desk, body, { beginning, now: clock.now(), facts })
      const view = await batchView(await desk.replaceCalls(old, calls), links, settings)
      return json(200, envelope(UPDATED, view))
    },
  })

  const patch = route({
    method: 'PATCH',
    path: BATCH_CALL,
    scopes: SCOPES.manageCalls,
    summary: 'Change name, status, time or time zone of a batch call',
    params: batchCallPath,
    body: patchBatchCall,
    async handle({ desk, params, body, links, clock }) {
      await patchCalls(await batchCall(desk, params.id), body, clock.now())
      const view = await batchView(await batchCall(desk, params.id), links, settings)
      return json(200, envelope(UPDATED, view))
    },
  })

  return [create, get, put, patch]
}

/** A replacement that says nothing of it has the status that is there: to replace tasks never makes calls begin. */
function replacementBeginning(body: BatchCallBody, status: BatchStatus, scheduled: number | null): Beginning {
  if (body.send_now || body.status !== undefined) return beginningOf(body)
  if (status === 'draft') return 'draft'
  return body.trigger_timestamp ?? scheduled ?? 'draft'
}
