import { csvCell, type JsonObject, type OperationJob, type OperationSpec, type PlannedChange } from '@outdial/core'
import type { ItemAround } from './item-view.js'
import type { Method } from './states.js'

/** What somebody who reviews a task has to look at, one per operation. */
export interface ReviewItem {
  description: string
  /** What would be written: of an update only what would be different from now. */
  fields: JsonObject
  /** The object's, `null` while there is none. */
  sid: string | null
  version: number
}

type Pieces = AsyncGenerator<string, void, undefined>

/** The items as JSON, written while the back end is asked. */
export async function* reviewJson(method: Method, type: string, items: AsyncIterable<ReviewItem>): Pieces {
  yield `{"method":${JSON.stringify(method)},"review_items":[`
  let separator = ''
  for await (const item of items) {
    yield separator + JSON.stringify(item)
    separator = ','
  }
  yield `],"type":${JSON.stringify(type)}}`
}

/** The items as CSV: what every item has, then a column for each field. */
export async function* reviewCsv(names: () => Promise<readonly string[]>, items: AsyncIterable<ReviewItem>): Pieces {
  const columns = await names()
  yield line(['sid', 'description', 'version', ...columns])
  for await (const { sid, description, version, fields } of items)
    yield line([sid, description, version, ...columns.map((name) => (Object.hasOwn(fields, name) ? fields[name] : ''))])
}

function line(cells: readonly unknown[]): string {
  return `${cells.map(csvCell).join(',')}\r\n`
}

/** The fields that a task would write. */
export async function fieldNames(job: OperationJob, { method, data = {} }: OperationSpec): Promise<string[]> {
  if (method !== 'create') return Object.keys(data)
  const names = new Set<string>()
  for await (const item of job.items()) for (const name of Object.keys(item.data ?? {})) names.add(name)
  return [...names]
}

/** What there is to review: everything, while the task waits for it; else nothing. */
export async function* reviewItems(
  job: OperationJob,
  around: ItemAround,
  waits: boolean,
  signal: AbortSignal,
): AsyncGenerator<ReviewItem, void, undefined> {
  if (!waits) return
  for await (const change of job.plan()) {
    if (signal.aborted) return
    yield reviewItem(change, around)
  }
}

function reviewItem({ entry, found, resource, changes, error, inUse }: PlannedChange, around: ItemAround): ReviewItem {
  const { spec, keys, phones } = around
  const fields = phones.dataOut(Object.fromEntries(Object.entries(changes).map(([name, { to }]) => [name, to])))
  const key = spec.field ?? keys.find((name) => Object.hasOwn(fields, name))
  const name = entry === undefined ? key && fields[key] : phones.entryOut(entry, spec.field)
  const { version } = resource?.fields ?? {}
  const gone = entry !== undefined && !found
  const problem = error
    ? ': could not be looked up'
    : gone
      ? ': does not exist'
      : inUse
        ? ': is in use by a campaign and stays'
        : ''
  return {
    description: `${[spec.type, name].filter((part) => part !== undefined).join(' ')}${problem}`,
    fields,
    sid: resource?.id ?? null,
    version: Number.isInteger(version) ? (version as number) : 1,
  }
}
