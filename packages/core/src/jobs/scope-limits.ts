import * as z from 'zod'
import { limitsShape } from '../caller-ids/pool-options.js'
import { OutdialError } from '../errors/outdial-error.js'
import { moneySchema } from '../money/budget.js'
import { oneOf, parseOptions } from '../policy/options.js'
import type { ContactReader } from '../ports/contacts.js'
import type { LimitScope, ScopeLimits } from './gates.js'

/** A scope that users set limits of; those of a job are changed with the job. */
export type SharedScope = Exclude<LimitScope, { job: string }>

const name = z.string().min(1).max(200)
const ofCallerId = z.strictObject({ organization: name, callerId: z.string() })
const ofRoute = z.strictObject({ route: name })
const ofEverything = z.strictObject({ everything: z.literal(true) })
const ofOrganization = z.strictObject({ organization: name })
const scopeSchema = oneOf<SharedScope, SharedScope>((given) => {
  if (typeof given !== 'object' || given === null) {
    return 'expected { organization }, { organization, callerId }, { route } or { everything: true }'
  }
  if ('callerId' in given) return ofCallerId
  if ('route' in given) return ofRoute
  if ('everything' in given) return ofEverything
  return ofOrganization
})

const paceShape = {
  ...limitsShape,
  // All campaigns of a scope are stopped with 0; one of them is paused instead.
  concurrency: z.int().min(0).max(1_000_000).nullable().optional(),
  burst: z.int().min(1).max(1_000_000).optional(),
}
const limitsSchema = z.strictObject({ ...paceShape, moneyPerDay: moneySchema.nullable().optional() })
const { perDay: _, ...routeShape } = paceShape
const routeSchema = z.strictObject(routeShape)
const engineLimitsSchema = z.strictObject({
  everything: routeSchema.optional(),
  routes: z.record(z.string(), routeSchema).optional(),
})

/** Whose limits are to be set; a limit that is stored for a misspelt scope would limit nobody. Throws `invalid_options`. */
export function parseScope(reader: ContactReader, given: SharedScope): SharedScope {
  const scope = parseOptions(scopeSchema, given, isObject(given) ? '' : 'scope')
  if (!('callerId' in scope)) return scope
  const read = reader.phone(scope.callerId)
  if ('e164' in read) return { ...scope, callerId: read.e164 }
  throw new OutdialError('invalid_options', `callerId: ${read.message}`, { field: 'callerId' })
}

/** Limits as users give them. A number that is none would be no limit, or one for ever. Throws `invalid_options`. */
export function parseLimits(given: ScopeLimits): ScopeLimits {
  const limits = parseOptions(limitsSchema as z.ZodType<ScopeLimits>, given, isObject(given) ? '' : 'limits')
  if (limits.burst === undefined || typeof limits.cps === 'number') return limits
  throw new OutdialError('invalid_options', 'burst: is of `cps`, so give that too', { field: 'burst' })
}

/** Checks `limits` of an engine's options. */
export function checkEngineLimits(given: unknown): void {
  parseOptions(engineLimitsSchema.optional(), given, 'limits')
}

function isObject(given: unknown): boolean {
  return typeof given === 'object' && given !== null
}
