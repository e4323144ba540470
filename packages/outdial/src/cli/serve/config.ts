import { isZone, OUTCOMES } from '@outdial/core'
import * as z from 'zod'
import { CARRIER_KINDS, fromEnvironment, NUMBER_KINDS } from './account-kinds.js'
import { dialectSchema } from './dialects.js'
import { breaker, campaigns, numberLimits, quarantine, rates, ruleSets, suppressionFile } from './policy-config.js'

/*
 * The file that `outdial serve` reads, told field by field in docs/serve.md. Strict: a name that is not known is a mistake,
 * and found.
 */

/** A secret is never in the file: it is in the environment, or made when the server starts and shown once. */
const credential = z.union([fromEnvironment, z.strictObject({ generate: z.literal(true) })], {
  error: 'secrets are not written into the file: expected { "env": "NAME" } or { "generate": true }',
})

const id = z.string().min(1).max(200)
const phone = z.string().regex(/^\+[1-9]\d{6,14}$/, 'expected a number such as +12025550100')
const concurrency = z.int().min(1).max(1_000_000)
const cps = z.number().gt(0).max(100_000)

const organization = z.strictObject({
  id,
  name: z.string().max(200).optional(),
  concurrency: concurrency.optional(),
  cps: cps.optional(),
  weight: z.number().gt(0).optional(),
  credits: z.int().min(0).optional(),
  moneyPerDay: z.int().min(0).max(1_000_000_000).optional(),
  timezone: z.string().refine(isZone, 'is not an IANA time zone such as America/New_York').optional(),
})

const key = z.strictObject({
  organization: id,
  scopes: z.array(z.string().min(1)).optional(),
  key: credential,
  secret: credential.optional(),
})

const number = z.strictObject({
  id,
  phone,
  organization: id,
  agent: z.string().min(1).max(1000).optional(),
  metadata: z.record(z.string(), z.unknown()).optional(),
  ...numberLimits,
})

const range = z
  .tuple([z.number().min(0), z.number().min(0)])
  .refine(([from, to]) => from <= to, 'ends before it begins')

/** `type` is an older word for `kind`. */
const withKind = <Schema extends z.ZodType>(schema: Schema) =>
  z.preprocess((given) => {
    if (typeof given !== 'object' || given === null || 'kind' in given || !('type' in given)) return given
    const { type, ...rest } = given
    return { kind: type, ...rest }
  }, schema)

const simulatedCarrier = z.strictObject({
  kind: z.literal('simulated'),
  seed: z.union([z.number(), z.string()]).optional(),
  outcomes: z.partialRecord(z.enum(OUTCOMES), z.number().min(0)).optional(),
  setup: range.optional(),
  ring: range.optional(),
  talk: range.optional(),
  costPerMinute: z.number().min(0).optional(),
  cps: cps.optional(),
  concurrency: concurrency.optional(),
})

const carrierKinds = ['simulated', ...CARRIER_KINDS.map(({ shape }) => shape.kind.value)].join(', ')
const carrier = withKind(
  z.discriminatedUnion('kind', [simulatedCarrier, ...CARRIER_KINDS], { error: `expected one of ${carrierKinds}` }),
)

const simulatedNumbers = z.strictObject({
  kind: z.literal('simulated'),
  seed: z.union([z.number(), z.string()]).optional(),
  numbers: z.record(id, z.array(z.union([phone, z.looseObject({ phonenumber: phone })]))).optional(),
  latency: range.optional(),
  concurrency: concurrency.optional(),
  cps: cps.optional(),
})

const numberKinds = ['simulated', ...NUMBER_KINDS.map(({ shape }) => shape.kind.value)].join(', ')
const numbers = withKind(
  z.discriminatedUnion('kind', [simulatedNumbers, ...NUMBER_KINDS], { error: `expected one of ${numberKinds}` }),
)

const bytes = z.int().min(1)
const ms = z.number().gt(0)
const httpLimits = z
  .strictObject({
    body: bytes,
    upload: bytes,
    rows: bytes,
    headers: bytes,
    query: bytes,
    depth: bytes,
    bodyIdle: ms,
    bodyTime: ms,
    uploadTime: ms,
    streams: bytes,
    allStreams: bytes,
    rate: ms,
    burst: ms,
    unknownRate: ms,
  })
  .partial()

/** Where everything is kept: also what `--storage` takes. */
export const storageSchema = z
  .string()
  .regex(/^(?:memory|file:.+|rediss?:\/\/.+)$/, 'expected memory, file: and a path, or redis:// and the rest')

const fields = z.strictObject({
  host: z.string().min(1).default('127.0.0.1'),
  port: z.int().min(0).max(65_535).default(8080),
  storage: z.union([storageSchema, fromEnvironment]).default('memory'),
  durable: z.boolean().default(false),
  ledger: z.string().min(1).optional(),
  publicUrl: z.url({ protocol: /^https?$/ }).optional(),
  basePath: z.string().optional(),
  signingKey: fromEnvironment.optional(),
  dialects: z.array(dialectSchema).min(1),
  organizations: z.array(organization).min(1),
  keys: z.array(key).min(1),
  numbers: z.array(number).default([]),
  carriers: z.record(id, carrier).refine((all) => Object.keys(all).length > 0, 'expected at least one'),
  carrier: id.optional(),
  resources: numbers.optional(),
  concurrency: concurrency.optional(),
  cps: cps.optional(),
  callerIds: z.enum(['own', 'any']).default('own'),
  rates: z.record(id, rates).default({}),
  campaigns: campaigns.default({ defaults: {}, rules: [] }),
  ruleSets: ruleSets.default([]),
  suppression: z.array(suppressionFile).default([]),
  breaker: breaker.optional(),
  quarantine: quarantine.optional(),
  numberZones: z.boolean().default(true),
  placeAtOnce: z.int().min(1).max(100_000).optional(),
  dial: z.array(z.string().min(1)).optional(),
  limits: httpLimits.default({}),
  cors: z.strictObject({ origins: z.union([z.literal('*'), z.array(z.string().min(1)).min(1)]) }).optional(),
  log: z.enum(['debug', 'info', 'warn', 'error', 'silent']).default('info'),
  drain: z.union([z.string(), z.number()]).default('30s'),
})

/** `inventory` is an older word for `resources`. */
export const configSchema = z.preprocess((given) => {
  if (typeof given !== 'object' || given === null || !('inventory' in given)) return given
  const { inventory, resources, ...rest } = given as { inventory: unknown; resources?: unknown }
  if (resources !== undefined) return given
  return { ...rest, resources: inventory }
}, fields)

export type Config = z.output<typeof configSchema>
/** A credential as the file has it. */
export type Credential = z.output<typeof credential>
