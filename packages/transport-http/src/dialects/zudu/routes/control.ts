import { formatInstant, isOutdialError } from '@outdial/core'
import { json } from '../../../frame/answers.js'
import { type Route, route } from '../../../frame/route.js'
import { SCOPES } from '../auth.js'
import { envelope } from '../envelope.js'
import { cannot } from '../errors.js'
import { batchCall, batchIdOf } from '../ids.js'
import { wireStatus } from '../job-view.js'
import { batchCallPath } from '../schema.js'
import type { Settings } from '../settings.js'
import { batchStatus, isOpen } from '../states.js'

export function controlRoutes(settings: Settings): readonly Route[] {
  const execute = route({
    method: 'POST',
    path: '/batch-call/:id/execute',
    scopes: SCOPES.manageCalls,
    summary: 'Begin a draft, or a scheduled batch call before its time',
    params: batchCallPath,
    async handle({ desk, params, clock }) {
      const { id, job, snapshot } = await batchCall(desk, params.id)
      const status = batchStatus(snapshot)
      if (!isOpen(status)) throw cannot('execute', status)
      try {
        const started = await job.start()
        return json(
          200,
          envelope('Batch call execution started', {
            batch_call_id: batchIdOf(id),
            status: wireStatus('sent', settings),
            execution_started_at: formatInstant(started.startedAt ?? clock.now()),
          }),
        )
      } catch (error) {
        // Its time has come, or somebody was faster; or it waits for a review, which is not ours to give.
        if (!isOutdialError(error, 'illegal_transition')) throw error
        throw cannot('execute', batchStatus(await job.snapshot()))
      }
    },
  })

  const remove = route({
    method: 'DELETE',
    path: '/batch-call/:id',
    scopes: SCOPES.manageCalls,
    summary: 'Delete a draft, or a batch call that has ended',
    params: batchCallPath,
    async handle({ desk, params }) {
      const found = await batchCall(desk, params.id)
      const status = batchStatus(found.snapshot)
      if (status === 'sent' || status === 'scheduled') throw cannot('delete', status)
      if (status === 'draft') await found.job.cancel({ ifRevision: found.snapshot.revision })
      await desk.removeCalls(found)
      return json(200, envelope('Batch call deleted successfully', null))
    },
  })

  return [execute, remove]
}
