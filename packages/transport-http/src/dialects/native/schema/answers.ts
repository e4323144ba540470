import { CALL_STATES, JOB_STATES, OUTCOMES, TASK_STATES, TERMINALS } from '@outdial/core'
import * as z from 'zod'

/* What is answered. Tests hold every answer against these; documents are made of them. */

const time = z.iso.datetime({ precision: 3 })
const count = z.int().min(0)
const counts = z.record(z.string(), count)
const json = z.record(z.string(), z.unknown())

const intake = z
  .strictObject({
    read: count,
    accepted: count,
    rejectedRows: count,
    duplicateRows: count,
    ...Object.fromEntries(
      (['rejected', 'duplicates', 'warnings'] as const).map((name) => [
        name,
        z.array(
          z.strictObject({
            row: count,
            line: count.optional(),
            column: z.string().optional(),
            code: z.string(),
            message: z.string(),
          }),
        ),
      ]),
    ),
  })
  .meta({
    id: 'Intake',
    description: 'What became of the rows: read is accepted, rejected and duplicate ones together',
  })

const job = {
  id: z.string(),
  organization: z.string(),
  name: z.string(),
  description: z.string().optional(),
  metadata: json,
  state: z.enum(JOB_STATES),
  reason: z.string().optional(),
  waitingFor: z
    .strictObject({ reason: z.enum(['window', 'retry', 'capacity', 'pacing', 'breaker']), until: time.optional() })
    .optional(),
  revision: count,
  createdAt: time,
  startAt: time.optional(),
  startedAt: time.optional(),
  late: z.boolean().optional(),
  endedAt: time.optional(),
  resumeAt: time.optional(),
  expiresAt: time.optional(),
  tasks: z.strictObject(
    Object.fromEntries(
      ['total', 'open', 'waiting', 'deferred', 'active', 'unknown', ...TERMINALS].map((name) => [name, count]),
    ),
  ),
  reasons: counts,
  calls: z.strictObject({ begun: count, placed: count, live: count }),
  byOutcome: counts,
  /** Written so that it can be sent again; durations in milliseconds. */
  options: json,
}

export const callJob = z.strictObject({ ...job, kind: z.literal('calls') }).meta({ id: 'CallJob' })
export const operationJob = z.strictObject({ ...job, kind: z.literal('operations') }).meta({ id: 'OperationJob' })
export const madeCallJob = z.strictObject({ ...job, kind: z.literal('calls'), intake }).meta({ id: 'CreatedCallJob' })
export const madeOperationJob = z
  .strictObject({ ...job, kind: z.literal('operations'), intake })
  .meta({ id: 'CreatedOperationJob' })
export const added = intake

/** A page of anything. */
export const pageOfThe = <T extends z.ZodType>(item: T) =>
  z.strictObject({ items: z.array(item), cursor: z.string().optional() })

export const call = z
  .strictObject({
    ref: z.string(),
    job: z.string(),
    task: count,
    to: z.string(),
    from: z.string().optional(),
    attempt: count.optional(),
    /** `live` for one whose end is not known: see the task for whether it is in doubt. */
    state: z.enum([...CALL_STATES, 'live']),
    callId: z.string().optional(),
    fencedAt: time.optional(),
    answeredAt: time.optional(),
    endedAt: time.optional(),
    outcome: z.enum(OUTCOMES).optional(),
    placed: z.boolean().optional(),
    duration: z.number().optional(),
    cost: z.number().optional(),
    booked: z.number().optional().describe("What it is booked at, in the account's smallest unit"),
    raw: z.record(z.string(), z.union([z.string(), z.number()])).optional(),
  })
  .meta({ id: 'Call' })

export const task = z
  .strictObject({
    job: z.string(),
    index: count,
    row: count.optional(),
    phone: z.string(),
    externalId: z.string().optional(),
    variables: z.unknown(),
    state: z.enum(TASK_STATES),
    reason: z.string().optional(),
    waitUntil: time.optional(),
    outcome: z.enum(OUTCOMES).optional(),
    calls: z.array(call),
    liveCall: z.string().optional(),
    redacted: z.boolean().optional(),
  })
  .meta({ id: 'Task' })

const resource = z.strictObject({ id: z.string(), fields: json })
const itemError = z.strictObject({
  code: z.string(),
  title: z.string(),
  detail: z.string().optional(),
  pointer: z.string().optional(),
})

export const item = z
  .strictObject({
    job: z.string(),
    index: count,
    type: z.string(),
    method: z.enum(['create', 'update', 'delete']),
    entry: z.string().optional(),
    data: json.optional(),
    state: z.enum(TASK_STATES),
    reason: z.string().optional(),
    waitUntil: time.optional(),
    before: resource.optional(),
    resource: resource.optional(),
    errors: z.array(itemError).optional(),
    operations: z.array(
      z.strictObject({
        ref: z.string(),
        attempt: count,
        status: z.string(),
        before: resource.optional(),
        resource: resource.optional(),
        errors: z.array(itemError).optional(),
        message: z.string().optional(),
      }),
    ),
    liveOperation: z.string().optional(),
    redacted: z.boolean().optional(),
  })
  .meta({ id: 'Item' })

export const planSummary = z
  .strictObject({
    total: count,
    changing: count,
    unchanged: count,
    missing: count,
    inUse: count,
    errors: count,
    fields: counts,
  })
  .meta({ id: 'PlanSummary' })

const event = z.looseObject({ seq: count, at: time, type: z.string() }).meta({
  id: 'Event',
  description: "What was written in the same step as a change; `type: 'trimmed'` stands for those no longer kept",
})
export const events = z.strictObject({ items: z.array(event), last: count })

export const organization = z
  .strictObject({
    id: z.string(),
    name: z.string().optional(),
    concurrency: z.number().optional(),
    cps: z.number().optional(),
    moneyPerDay: z.number().optional(),
    weight: z.number().optional(),
    balance: z.strictObject({ available: z.number(), reserved: z.number() }).optional(),
  })
  .meta({ id: 'Organization' })

export const listed = z.strictObject({ size: count })
export const erased = z
  .strictObject({
    erased: count,
    /** Contacts that are being called: to be repeated when those calls are over. */
    live: z.array(z.strictObject({ job: z.string(), task: count })),
    ledger: z.boolean(),
  })
  .meta({ id: 'Erased' })
export const recorded = z
  .strictObject({
    recorded: z.boolean(),
    suppressed: z.array(z.enum(['job', 'organization', 'global'])).optional(),
    callback: z
      .union([
        z.strictObject({ status: z.literal('scheduled'), at: time }),
        z.strictObject({ status: z.literal('refused'), reason: z.string(), message: z.string() }),
      ])
      .optional(),
  })
  .meta({ id: 'Reported' })

export const problem = z
  .looseObject({
    type: z.string(),
    title: z.string(),
    status: z.int(),
    code: z.string(),
    detail: z.string().optional(),
    field: z.string().optional(),
    problems: z.array(z.strictObject({ field: z.string(), message: z.string() })).optional(),
    instance: z.string().optional(),
    requestId: z.string(),
  })
  .meta({ id: 'Problem' })
