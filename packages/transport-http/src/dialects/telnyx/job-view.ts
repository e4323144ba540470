import { formatInstant, type JobSnapshot, type OperationJob } from '@outdial/core'
import { uuidOf } from '../../frame/wire-id.js'
import { fieldOf, type ItemView, itemView, type NumberView } from './item-view.js'
import type { Settings } from './options.js'
import { type Status, statusOf, typeOf } from './states.js'
import type { Selected } from './wire.js'

/** A job with its numbers, each in the list that tells what has become of it. */
export async function jobView(
  id: string,
  job: OperationJob,
  snapshot: JobSnapshot,
  settings: Settings,
): Promise<Record<string, unknown>> {
  const field = fieldOf(snapshot.spec)
  const items: ItemView[] = []
  for await (const item of job.items()) items.push(itemView(item, field))
  return view(id, snapshot, statusOf(snapshot), distinct(items.map(({ given }) => given)), items, settings)
}

/** A job as it was when it was taken on, even if something has been done by now. */
export function acceptedView(
  id: string,
  snapshot: JobSnapshot,
  numbers: readonly Selected[],
  settings: Settings,
): Record<string, unknown> {
  // Each of them is named once.
  const items = numbers.map(({ id, phone, given }): ItemView => {
    const number = { id, phone_number: phone }
    return { given: { [given]: number[given] }, number, place: 'pending', errors: [] }
  })
  const { startedAt: _, endedAt: __, ...accepted } = snapshot
  const named = items.map(({ given }) => given)
  return view(id, accepted, 'pending', named, items, settings)
}

function view(
  id: string,
  snapshot: JobSnapshot,
  status: Status,
  named: readonly NumberView[],
  items: readonly ItemView[],
  { perNumber }: Settings,
): Record<string, unknown> {
  const { createdAt, startAt = createdAt, startedAt, endedAt, expiresAt = Number.POSITIVE_INFINITY, tasks } = snapshot
  const at = (place: ItemView['place']): NumberView[] =>
    items.filter((item) => item.place === place).map(({ number }) => number)
  return {
    id: uuidOf(id),
    record_type: 'phone_numbers_job',
    status,
    type: typeOf(snapshot),
    etc: formatInstant(Math.min(startAt + tasks.total * perNumber, expiresAt)),
    created_at: formatInstant(createdAt),
    updated_at: formatInstant(endedAt ?? startedAt ?? createdAt),
    phone_numbers: named,
    successful_operations: at('successful'),
    pending_operations: at('pending'),
    failed_operations: items
      .filter(({ place }) => place === 'failed')
      .map(({ number, errors }) => ({ ...number, errors })),
  }
}

/** Jobs that were made otherwise may name a number twice. */
function distinct(numbers: readonly NumberView[]): NumberView[] {
  return [...new Map(numbers.map((number) => [`${number.id} ${number.phone_number}`, number])).values()]
}
