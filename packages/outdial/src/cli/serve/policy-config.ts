import * as z from 'zod'

/*
 * What the configuration says of calls: their price, the lists, the rules, the defaults. What it means the engine judges when the server starts; here is which
 * fields there are.
 */

const path = z.string().min(1).max(4000)
const jsonFile = path.regex(/\.json$/i, 'expected the path of a .json file')
const duration = z.union([z.string(), z.number()])
const moment = z.union([z.string(), z.number()])
const positive = z.int().min(1).max(1_000_000)

/** Which organization a thing is of is checked where all of them are known. */
const organization = z.string().min(1).max(200)

/** A rule set: one that comes along, by its name; a file of them; or written out. */
const ruleSet = z.union([z.string().min(1), z.record(z.string(), z.json())], {
  error: 'expected a name such as united-states, the path of a .json file, or a rule set',
})

/** Rates of a carrier: a sheet, or the path of a file that has it. */
export const rates = z.union([jsonFile, z.record(z.string(), z.json())], {
  error: 'expected rates, or the path of a .json file that has them',
})

/** A file of numbers that are not called. */
export const suppressionFile = z.strictObject({
  file: path,
  organization: organization.optional(),
  reason: z.string().min(1).max(200).optional(),
  expires: moment.optional(),
  asOf: moment.optional(),
  maxAge: duration.optional(),
  region: z
    .string()
    .regex(/^[A-Z]{2}$/, "expected a region such as 'US'")
    .optional(),
  column: z.string().min(1).optional(),
  replace: z.boolean().default(false),
})

/** What campaigns are made of beside what their requests say. */
export const campaigns = z.strictObject({
  defaults: z.record(z.string(), z.json()).default({}),
  rules: z.array(ruleSet).max(200).default([]),
})

export const ruleSets = z.array(ruleSet).max(1000)

/** How much may go out from a number. */
export const numberLimits = {
  concurrency: positive.optional(),
  cps: z.number().gt(0).max(100_000).optional(),
  perDay: positive.optional(),
}

export const breaker = z.union(
  [
    z.literal(false),
    z.strictObject({
      window: duration.optional(),
      minimum: positive.optional(),
      failures: z.number().gt(0).max(1).optional(),
      probeEvery: duration.optional(),
      successes: z.int().min(1).max(20).optional(),
    }),
  ],
  { error: 'expected window, minimum, failures, probeEvery and successes, or false' },
)

export const quarantine = z.union(
  [
    z.literal(false),
    z.strictObject({
      after: z.int().min(1).max(1000).optional(),
      within: duration.optional(),
      for: duration.optional(),
    }),
  ],
  { error: 'expected after, within and for, or false' },
)
