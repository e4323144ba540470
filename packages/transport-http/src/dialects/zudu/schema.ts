import { isZone } from '@outdial/core'
import * as z from 'zod'
import { isJsonObject, listAsItIs } from '../../frame/list-as-it-is.js'
import { crossChecks } from './cross-checks.js'
import { BATCH_STATUSES } from './states.js'

/** Bytes of one task's variables, as JSON. */
const MOST_VARIABLES = 5 * 1024
/** The last instant that can be written as a date. */
const LATEST = 253_402_300_799_999

const PHONE = /^\+[1-9]\d{6,14}$/
const AGENT = /^agent_[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i
const MOST_TASKS = 1000
const MOST_RETRIES = 10

const phone = z.string().regex(PHONE, 'expected a number in E.164 format, such as +12025550100')
const zone = z.string().refine(isZone, "expected an IANA time zone, such as 'America/New_York'")
const timeOfDay = z.string().regex(/^(?:[01]\d|2[0-3]):[0-5]\d$/, "expected a time of day, such as '22:00'")
const agent = z.string().regex(AGENT, 'expected agent_ and a UUID')
const timestamp = z.int().min(0).max(LATEST)
const name = z.string().max(255)
const status = z
  .string()
  .toLowerCase()
  .pipe(z.enum(['draft', 'scheduled', 'sent']))

const size = (value: object) => new TextEncoder().encode(JSON.stringify(value)).byteLength

/** Not a record: that leaves out a variable called `__proto__` without a word. */
const variables = z
  .custom<Readonly<Record<string, unknown>>>(
    (value) => typeof value === 'object' && value !== null && !Array.isArray(value),
    'expected an object',
  )
  .refine((value) => size(value) <= MOST_VARIABLES, { error: `takes more than ${MOST_VARIABLES} bytes`, abort: true })

const task = z.strictObject({
  to_number: phone,
  dynamic_variables: variables.optional(),
  max_retries: z.int().min(0).max(MOST_RETRIES).optional(),
  agent_id: agent.optional(),
})

const tasks = listAsItIs(
  z.array(task).min(1).max(MOST_TASKS),
  (list) => list.length >= 1 && list.length <= MOST_TASKS && list.every(isTask),
)

function isTask(given: unknown): boolean {
  if (!isJsonObject(given)) return false
  for (const name in given) {
    const value = given[name]
    switch (name) {
      case 'to_number':
        break
      case 'dynamic_variables':
        if (!isJsonObject(value) || !isSmall(value)) return false
        break
      case 'max_retries':
        if (!Number.isSafeInteger(value) || (value as number) < 0 || (value as number) > MOST_RETRIES) return false
        break
      case 'agent_id':
        if (typeof value !== 'string' || !AGENT.test(value)) return false
        break
      default:
        return false
    }
  }
  return typeof given.to_number === 'string' && PHONE.test(given.to_number)
}

/** Bytes of JSON that a character or any other value takes at most. */
const CHARACTER = 6
const SCALAR = 32

/** Whether variables are so few that they need not be written to know that they are not too many. */
function isSmall(value: Readonly<Record<string, unknown>>): boolean {
  let most = 2
  for (const name in value) {
    const inner = value[name]
    if (typeof inner === 'object' && inner !== null) return false
    most += CHARACTER * (name.length + (typeof inner === 'string' ? inner.length : 0)) + SCALAR
  }
  return most <= MOST_VARIABLES
}

const retryConfig = z.strictObject({ enabled: z.boolean(), max_attempts: z.int().min(1).max(11).optional() })

const retryTiming = z.discriminatedUnion('type', [
  z.strictObject({ type: z.literal('AT'), time: timeOfDay }),
  z.strictObject({ type: z.literal('AFTER'), duration_minutes: z.int().min(1).max(527_040) }),
])

const retryRule = z.strictObject({
  condition: z.enum(['no_answer', 'busy', 'voicemail']),
  enabled: z.boolean(),
  retry_timing: retryTiming,
})

const quietHours = z.strictObject({
  enabled: z.boolean(),
  start_time: timeOfDay,
  end_time: timeOfDay,
  timezone: zone.optional(),
})

/** How often and when people are called: kept with the job as it was sent. */
export const rulesShape = {
  timezone: zone.optional(),
  retry_config: retryConfig.optional(),
  retry_rules: z.array(retryRule).max(3).optional(),
  quiet_hours: quietHours.optional(),
}

/** Body of `POST /batch-call` and of a PUT. */
export const createBatchCall = z
  .strictObject({
    from_number: phone,
    tasks,
    name: name.optional(),
    trigger_timestamp: timestamp.optional(),
    agent_id: agent.optional(),
    status: status.optional(),
    send_now: z.boolean().default(false),
    organization_id: z.string().optional(),
    ...rulesShape,
  })
  .superRefine(crossChecks)

export type BatchCallBody = z.infer<typeof createBatchCall>

/** Body of a PATCH. */
export const patchBatchCall = z
  .strictObject({ name, status, trigger_timestamp: timestamp, timezone: zone })
  .partial()
  .refine((given) => Object.keys(given).length > 0, 'expected name, status, trigger_timestamp or timezone')

export type BatchCallPatch = z.infer<typeof patchBatchCall>

export const batchCallPath = z.object({ id: z.string().max(200) })

const text = z.string().regex(/^\d{1,9}$/, 'expected a whole number')
const number = <T extends z.ZodType<number, number>>(range: T) => text.transform(Number).pipe(range)
const pageNumber = z.int().min(0)
const pageSize = z.int().min(1).max(100)

/** Query of `GET /batch-call/ID/tasks`. */
export const listTasks = z.strictObject({
  page: number(pageNumber).default(0),
  limit: number(pageSize).default(50),
})

const SORT_FIELDS = ['updated_at', 'created_at', 'scheduled_timestamp', 'name', 'status', 'total_task_count'] as const

const sorting = {
  sort_by: z.enum(SORT_FIELDS).default('updated_at'),
  sort_order: z.enum(['ascending', 'descending']).default('descending'),
}

/** Query of `GET /batch-call/list`. Without a limit, everything is listed. */
export const listQuery = z.strictObject({
  page: number(pageNumber).default(0),
  limit: number(pageSize).optional(),
  ...sorting,
})

const filter = z
  .strictObject({
    status: z.array(z.string().toLowerCase().pipe(z.enum(BATCH_STATUSES))).max(100),
    agent_id: z.array(z.string().max(300)).max(100),
    name: z.array(name).max(100),
  })
  .partial()

/** Body of `POST /batch-call/list`. */
export const listBody = z.strictObject({
  filter_criteria: filter.default({}),
  pagination: z.strictObject({ page: pageNumber.default(0), limit: pageSize.optional() }).default({ page: 0 }),
  ...sorting,
})

export type ListBody = z.infer<typeof listBody>
