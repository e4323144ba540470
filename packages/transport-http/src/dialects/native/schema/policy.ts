import { OUTCOMES } from '@outdial/core'
import * as z from 'zod'
import { concurrency, cps, duration, weight } from './common.js'

/*
 * The parts of a campaign that may change while it runs, in the engine's words. Their form is checked here; what they mean
 * (zones, hours, delays, contradictions) the engine judges, and names the same fields.
 */

const max = z.int().min(1).max(1000).optional()
const jitter = z.number().min(0).max(1).optional()

const retryRule = z.union([
  z.array(duration),
  z.strictObject({ delays: z.array(duration).min(1), max, jitter }),
  z.strictObject({
    exponential: z.strictObject({
      first: duration,
      factor: z.number().min(1).max(100).optional(),
      max: duration.optional(),
    }),
    max,
    jitter,
  }),
  z.strictObject({ at: z.string(), after: duration.optional(), spread: duration.optional(), max }),
])

const hours = z.union([z.string(), z.array(z.tuple([z.string(), z.string()]))])
const common = { timezone: z.string().optional(), closedOn: z.array(z.string()).optional() }
const week = z.strictObject({
  ...common,
  mon: hours.optional(),
  tue: hours.optional(),
  wed: hours.optional(),
  thu: hours.optional(),
  fri: hours.optional(),
  sat: hours.optional(),
  sun: hours.optional(),
})
const days = z.strictObject({ ...common, days: z.union([z.string(), z.array(z.string())]).optional(), hours })
const oneWindow = z.union([z.string(), days, week])

const cap = z.strictObject({
  per: z.enum(['phone', 'externalId']),
  max: z.int().min(1).max(1_000_000),
  within: duration,
})

const money = z.int().min(0).max(1_000_000_000)

/** Fields of `CallPolicyOptions`. */
export const policy = {
  concurrency: concurrency.nullable().optional().describe('Calls of this job at once; null: no limit of its own'),
  cps: cps.nullable().optional(),
  attempts: z.int().min(1).max(1000).optional().describe('Attempts per contact, the first included'),
  retry: z.partialRecord(z.enum(OUTCOMES), retryRule).optional().describe('When to call again, by outcome'),
  successOutcomes: z.array(z.enum(OUTCOMES)).min(1).optional(),
  window: z
    .union([oneWindow, z.array(oneWindow)])
    .nullable()
    .optional()
    .describe('When people may be called, by their own clocks'),
  caps: z.array(cap).max(8).optional().describe('Calls to one person in any span of time'),
  budget: z
    .strictObject({ total: money.nullable().optional(), perDay: money.nullable().optional() })
    .nullable()
    .optional()
    .describe("What it may spend, in whole units of the account's smallest; null: no limit"),
  ringTimeout: duration.optional(),
  maxDuration: duration.optional(),
  unknown: z.enum(['fail', 'retry']).optional(),
  infrastructureLimit: z.int().min(1).max(1_000_000).optional(),
  weight: weight.optional(),
}
