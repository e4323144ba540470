import type { OperationJob, OperationSpec } from '@outdial/core'
import type { Desk, Found } from '../../desk/desk.js'
import { RequestFailed } from '../../frame/failure.js'
import { jobOfUuid } from '../../frame/wire-id.js'
import type { ItemAround } from './item-view.js'
import type { Around } from './job-view.js'
import type { Settings } from './options.js'
import { Phones } from './phones.js'

/** The organization's task with this sid; `missing` when there is none. */
export async function taskOf(desk: Desk, sid = ''): Promise<Found<OperationJob>> {
  const id = jobOfUuid(sid)
  if (id === undefined) throw new RequestFailed({ kind: 'missing', what: 'job', id: sid })
  return desk.operationJob(id)
}

/** What views of this organization's tasks need. */
export async function aroundOf(desk: Desk, settings: Settings): Promise<Around> {
  return { settings, partnerSid: await settings.partnerSid(desk.organization) }
}

/** What views of a task's items need. */
export function itemAroundOf(desk: Desk, { snapshot }: Found<OperationJob>, settings: Settings): ItemAround {
  const spec = snapshot.spec as OperationSpec
  const keys = desk.backend(spec.type)?.capabilities.keys ?? []
  return { spec, keys, phones: new Phones(settings.phoneFieldsOf(spec.type)) }
}
