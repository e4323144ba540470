import * as z from 'zod'
import { concurrency, cps } from './common.js'
import { money } from './policy.js'

/** Numbers to put on a do-not-call list, or to take off: of the organization, or of one of its jobs. */
export const suppressionBody = z.strictObject({
  numbers: z.array(z.string()).min(1).max(50_000),
  job: z.string().max(200).optional(),
})

/** Limits of the organization; null takes one away, what is left out stays. */
export const limitsBody = z
  .strictObject({
    concurrency: concurrency.nullable(),
    cps: cps.nullable(),
    moneyPerDay: money.nullable().describe("What all its campaigns may spend in a day, in the account's smallest unit"),
  })
  .partial()
  .refine((given) => Object.keys(given).length > 0, 'expected concurrency, cps or moneyPerDay')
