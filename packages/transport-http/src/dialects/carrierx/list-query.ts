import * as z from 'zod'
import { queryInvalid } from './errors.js'
import { isField, readFilter } from './filter.js'
import { isShort, TASK_FIELDS, type TaskField } from './job-view.js'

const whole = (least: number, most: number) =>
  z
    .string()
    .regex(/^\d{1,9}$/, 'must be a whole number')
    .transform(Number)
    .pipe(z.int().min(least).max(most))

const page = { limit: whole(1, 1000).default(10), offset: whole(0, 999_999_999).optional() }

/** Names with commas, or the parameter several times. */
const names = z.union([z.string(), z.array(z.string())]).optional()
const selection = { include_fields: names, exclude_fields: names, includeFields: names, excludeFields: names }

/** Query of a route that shows one task. */
export const getQuery = z.strictObject(selection)
type Selection = z.infer<typeof getQuery>

/** Query of `GET .../errors`. */
export const errorsQuery = z.strictObject(page)

/** Query of `GET /batch/tasks`. */
export const listQuery = z.strictObject({
  ...page,
  ...selection,
  order: z.string().optional(),
  after: z.string().max(100).optional(),
  before: z.string().max(100).optional(),
  filter: z.string().optional(),
})
type Query = z.infer<typeof listQuery>

/** In which order tasks are listed. */
export type Order = 'newest' | 'shuffle' | { field: TaskField; descending: boolean }

/** A list that is asked for, read and checked. */
export interface ListAsked extends Pick<Query, 'limit' | 'after' | 'before'> {
  offset: number
  order: Order
  conditions: ReturnType<typeof readFilter>
  fields: ReadonlySet<TaskField>
}

/** Reads a query; throws an answer that names the parameter at fault. */
export function listAsked(query: Query): ListAsked {
  const { limit, offset, after, before, filter } = query
  const order = orderOf(query.order)
  if (after !== undefined && before !== undefined) throw queryInvalid('before', 'cannot be combined with after')
  for (const [name, value] of Object.entries({ after, before })) {
    if (value === undefined) continue
    if (offset !== undefined) throw queryInvalid('offset', `cannot be combined with ${name}`)
    if (order === 'shuffle') throw queryInvalid('order', `shuffle cannot be combined with ${name}`)
  }
  return {
    limit,
    offset: offset ?? 0,
    order,
    conditions: filter === undefined ? [] : readFilter(filter),
    fields: fieldsAsked(query),
    ...(after !== undefined && { after }),
    ...(before !== undefined && { before }),
  }
}

/** The fields that are to be shown. What is excluded is left out of what is included. */
export function fieldsAsked(query: Selection): ReadonlySet<TaskField> {
  const included = named(query, 'include_fields', 'includeFields')
  const excluded = named(query, 'exclude_fields', 'excludeFields')
  const shown = included.length === 0 ? TASK_FIELDS : included
  return new Set(shown.filter((field) => !excluded.includes(field)))
}

function named(query: Selection, ...parameters: (keyof Selection)[]): TaskField[] {
  return parameters.flatMap((parameter) =>
    [query[parameter] ?? []]
      .flat()
      .flatMap((text) => text.split(','))
      .map((text) => {
        const name = text.trim()
        if (!isField(name)) throw queryInvalid(parameter, `there is no field '${name}'`)
        return name
      }),
  )
}

function orderOf(text: string | undefined): Order {
  if (text === undefined) return 'newest'
  if (text === 'shuffle') return 'shuffle'
  // A plus is a space in a query; one that was encoded is not.
  const [field, direction = 'asc', ...rest] = text.split(/[ +]/)
  if (!isField(field) || !isShort(field)) throw queryInvalid('order', `tasks cannot be ordered by '${field}'`)
  if (rest.length > 0 || !['asc', 'desc'].includes(direction))
    throw queryInvalid('order', 'must be a field, and asc or desc, or shuffle')
  return { field, descending: direction === 'desc' }
}
