import * as z from 'zod'
import { concurrency, cps } from './common.js'
import { money } from './policy.js'

/** Limits of the organization; null takes one away, what is left out stays. */
export const limitsBody = z
  .strictObject({
    concurrency: concurrency.nullable(),
    cps: cps.nullable(),
    moneyPerDay: money.nullable().describe("What all its campaigns may spend in a day, in the account's smallest unit"),
  })
  .partial()
  .refine((given) => Object.keys(given).length > 0, 'expected concurrency, cps or moneyPerDay')

/** Whose data are to be removed: one of both names them. */
export const erasureBody = z
  .strictObject({
    phone: z.string().min(1).max(50),
    externalId: z.string().min(1).max(1000),
    suppression: z.boolean().describe('Take the number off the do-not-call lists too: then it may be called again'),
  })
  .partial()
  .refine(
    ({ phone, externalId }) => (phone === undefined) !== (externalId === undefined),
    'expected phone or externalId',
  )
