import { JOB_STATES, OUTCOMES, TERMINALS } from '@outdial/core'
import * as z from 'zod'
import { call, task } from './answers.js'

/* What is said of what is to come, and why. */

const time = z.iso.datetime({ precision: 3 })
const count = z.int().min(0)

const ends = z.strictObject({ state: z.enum(TERMINALS), reason: z.string() })
const said = { detail: z.string(), until: time.optional() }
const why = { reason: z.string().optional() }

const callerIdBlock = z.strictObject({
  callerId: z.string(),
  blocks: z.array(z.looseObject({ code: z.string(), ...said })),
})

/** One member for each code of the engine's `DialBlock`. */
const dialBlock = z
  .discriminatedUnion('code', [
    z.strictObject({ code: z.literal('job_state'), state: z.enum(JOB_STATES), ...why, ...said }),
    z.strictObject({ code: z.literal('not_before'), ...said }),
    z.strictObject({ code: z.literal('retry'), outcome: z.enum(OUTCOMES).optional(), ...said }),
    z.strictObject({ code: z.literal('set_back'), ...said }),
    z.strictObject({ code: z.literal('window'), zone: z.string().optional(), ...said }),
    z.strictObject({ code: z.literal('zone_unknown'), zone: z.string().optional(), ...said }),
    z.strictObject({ code: z.literal('rule'), rule: z.string(), ends: ends.optional(), ...said }),
    z.strictObject({
      code: z.literal('cap'),
      key: z.string(),
      max: count,
      windowMs: count,
      counted: count,
      ...said,
    }),
    z.strictObject({ code: z.literal('cooldown'), list: z.string(), ...why, ...said }),
    z.strictObject({
      code: z.literal('suppressed'),
      list: z.string(),
      ...why,
      listedUntil: time.optional(),
      ends,
      ...said,
    }),
    z.strictObject({ code: z.literal('list_stale'), list: z.string(), asOf: time, maxAgeMs: count, ...said }),
    z.strictObject({
      code: z.literal('money'),
      key: z.string(),
      limit: z.number(),
      spent: z.number(),
      held: z.number(),
      needed: z.number(),
      ...said,
    }),
    z.strictObject({ code: z.literal('rate_unknown'), ...said }),
    z.strictObject({ code: z.literal('breaker'), key: z.string(), ...said }),
    z.strictObject({ code: z.literal('closed'), key: z.string(), ...said }),
    z.strictObject({ code: z.literal('capacity'), key: z.string(), limit: count, held: count, ...said }),
    z.strictObject({ code: z.literal('pace'), key: z.string(), ...said }),
    z.strictObject({ code: z.literal('caller_ids'), from: z.array(callerIdBlock), ...said }),
    z.strictObject({ code: z.literal('expired'), ends, ...said }),
    z.strictObject({ code: z.literal('attempts_exhausted'), ends, ...said }),
  ])
  .meta({ id: 'DialBlock', description: 'What keeps a contact from being dialed; it says yes by itself at `until`' })

const blocks = z.array(dialBlock)

/** Query of a preflight. */
export const preflightQuery = z.strictObject({
  limit: z.coerce
    .number()
    .pipe(z.int().min(1).max(100_000))
    .default(100_000)
    .describe('Looks at so many waiting contacts at most; `complete` says whether that were all'),
  examples: z.coerce.number().pipe(z.int().min(0).max(100)).default(3),
})

export const preflight = z
  .strictObject({
    job: z.string(),
    state: z.enum(JOB_STATES),
    at: time,
    from: time,
    holds: blocks,
    contacts: z.strictObject({
      total: count,
      ended: count,
      live: count,
      looked: count,
      dial: count,
      deferred: count,
      skipped: count,
      stuck: count,
    }),
    reasons: z.array(
      z.strictObject({
        becomes: z.enum(['deferred', 'skipped', 'stuck']),
        code: z.string(),
        of: z.string().optional(),
        contacts: count,
        ends: ends.optional(),
        earliest: time.optional(),
        latest: time.optional(),
        detail: z.string(),
        examples: z.array(
          z.strictObject({
            task: count,
            row: count.optional(),
            phone: z.string(),
            externalId: z.string().optional(),
            at: time.optional(),
            blocks,
          }),
        ),
      }),
    ),
    cost: z.strictObject({ min: z.number(), expected: z.number(), max: z.number() }).optional(),
    openings: z.array(z.strictObject({ at: time, contacts: count })),
    complete: z.boolean(),
  })
  .meta({ id: 'Preflight' })

const coming = z.discriminatedUnion('status', [
  z.strictObject({ status: z.literal('dial'), at: time }),
  z.strictObject({ status: z.literal('ends'), at: time, ends }),
  z.strictObject({ status: z.literal('stuck'), because: dialBlock }),
])

const detail = z.string()

export const explanation = z
  .strictObject({
    at: time,
    task,
    attempts: z.array(
      z.strictObject({
        ref: z.string(),
        attempt: count,
        call: call.optional(),
        decision: z.record(z.string(), z.unknown()).optional(),
        localTime: z.string().optional(),
        zone: z.string().optional(),
        followed: z
          .discriminatedUnion('status', [
            z.strictObject({ status: z.literal('again'), at: time.optional() }),
            z.strictObject({ status: z.literal('ended'), ends }),
          ])
          .optional(),
        detail,
      }),
    ),
    decisions: z.array(
      z.strictObject({
        at: time,
        kind: z.enum(['refused', 'returned']),
        reasons: z.array(z.string()),
        until: time.optional(),
      }),
    ),
    standing: z.discriminatedUnion('status', [
      z.strictObject({ status: z.literal('ended'), ends, detail }),
      z.strictObject({ status: z.literal('live'), ref: z.string(), unknown: z.boolean(), detail }),
      z.strictObject({ status: z.literal('claimed'), detail }),
      z.strictObject({ status: z.literal('waiting'), blocks, next: coming, allowed: coming, detail }),
    ]),
    detail,
    complete: z.boolean(),
  })
  .meta({ id: 'Explanation' })
