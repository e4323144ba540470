import { type CallPolicyOptions, OUTCOMES } from '@outdial/core'
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
  z.strictObject({ delays: z.array(duration).min(1), by: z.enum(['outcome', 'attempt']).optional(), max, jitter }),
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
  z.strictObject({
    anotherTimeOfDay: z
      .array(
        z.union([
          z.enum(['morning', 'afternoon', 'evening']),
          z.strictObject({ from: z.string(), until: z.string().describe("'24:00' is the end of the day") }),
        ]),
      )
      .min(2)
      .max(24),
    after: duration.optional(),
    spread: duration.optional(),
    max,
  }),
])

const hours = z.union([z.string(), z.array(z.tuple([z.string(), z.string()]))])
const moment = z.union([z.string(), z.number()])
const closed = {
  closedOn: z.array(z.string()).optional(),
  blackouts: z.array(z.strictObject({ from: moment, until: moment })).optional(),
}
const common = { timezone: z.string().optional(), ...closed }
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
  per: z.enum(['phone', 'externalId', 'contact', 'subject', 'organization']),
  max: z.int().min(1).max(1_000_000),
  within: duration,
})

const cooldown = z.strictObject({
  after: z.array(z.enum(OUTCOMES)).optional(),
  dispositions: z.array(z.string()).optional(),
  wait: duration,
  per: z.enum(['phone', 'externalId', 'contact', 'subject']).optional(),
})

const callerIdLimits = {
  concurrency: concurrency.nullable().optional(),
  cps: cps.nullable().optional(),
  perDay: z.int().min(1).max(1_000_000).nullable().optional(),
}
const callerIds = z
  .strictObject({
    ...callerIdLimits,
    numbers: z.record(z.string(), z.strictObject(callerIdLimits)).optional(),
    order: z.enum(['rotate', 'listed']).optional(),
    sticky: z.boolean().optional(),
    localPresence: z.boolean().optional(),
  })
  .describe('How its numbers are used: limits of each, for all campaigns, and which is tried first')

const suppressAfter = z.union([
  z.enum(OUTCOMES),
  z.strictObject({ outcome: z.enum(OUTCOMES), list: z.enum(['job', 'organization']).optional() }),
])

const ruleSet = z.strictObject({
  id: z.string(),
  version: z.string(),
  source: z.string(),
  effectiveFrom: z.string().optional(),
  effectiveUntil: z.string().optional(),
  appliesTo: z.strictObject({ prefixes: z.array(z.string()) }).optional(),
  window: z.union([oneWindow, z.array(oneWindow)]).optional(),
  ...closed,
  caps: z.array(cap).max(8).optional(),
  cooldowns: z.array(cooldown).max(16).optional(),
})

const variable = z.string().min(1).max(200).optional()

export const money = z.int().min(0).max(1_000_000_000)

/** All of `CallPolicyOptions`. */
export const policy = {
  concurrency: concurrency.nullable().optional().describe('Calls of this job at once; null: no limit of its own'),
  cps: cps.nullable().optional(),
  callerIds: callerIds.optional(),
  attempts: z.int().min(1).max(1000).optional().describe('Attempts per contact, the first included'),
  retry: z.partialRecord(z.enum(OUTCOMES), retryRule).optional().describe('When to call again, by outcome'),
  successOutcomes: z.array(z.enum(OUTCOMES)).min(1).optional(),
  window: z
    .union([oneWindow, z.array(oneWindow)])
    .nullable()
    .optional()
    .describe('When people may be called, by their own clocks'),
  spread: duration.nullable().optional().describe('Spreads every opening of the hours over so long'),
  caps: z.array(cap).max(8).optional().describe('Calls to one person in any span of time'),
  cooldowns: z.array(cooldown).max(16).optional().describe('After what, and for how long, a person is left alone'),
  suppressAfter: z
    .array(suppressAfter)
    .max(OUTCOMES.length * 2)
    .optional()
    .describe('Outcomes that put the number on a do-not-call list'),
  identify: z
    .strictObject({ person: variable, subject: variable })
    .optional()
    .describe('Which variables say who a contact is and what it is called about'),
  rules: z
    .array(z.union([z.string(), ruleSet]))
    .max(200)
    .optional()
    .describe('Rules about the people of a place, laws for instance: written out, or by a name that the server has'),
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
  freshShare: z
    .number()
    .min(0)
    .max(1)
    .nullable()
    .optional()
    .describe('Share of the calls for contacts never called, while others are due again; null: those go first'),
} satisfies Record<keyof CallPolicyOptions, z.ZodType>
