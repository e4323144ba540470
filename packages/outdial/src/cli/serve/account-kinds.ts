import * as z from 'zod'

/*
 * The carriers and back ends that have an account somewhere, and what may be said of one. Whether an option is a good one its
 * adapter says; here is which there are, so that one that is not known is found, and which of them are never in the file.
 */

/** Something that is read from the environment. */
export const fromEnvironment = z.strictObject({ env: z.string().min(1) })
const secret = z.strictObject(
  { env: z.string().min(1) },
  { error: 'secrets are not written into the file: expected { "env": "NAME" }' },
)
const text = z.union([z.string(), fromEnvironment], { error: 'expected a text, or { "env": "NAME" }' })

/** What its adapter judges: any JSON. */
const others = <const Name extends string>(...names: Name[]) =>
  Object.fromEntries(names.map((name) => [name, z.json().optional()])) as Record<Name, z.ZodOptional<z.ZodJSONSchema>>

const atOnce = { concurrency: z.int().min(1).max(1_000_000).optional() }
const pace = { cps: z.number().gt(0).max(100_000).optional() }
const wire = others('timeout', 'connectTimeout', 'connections')
const twilioAccount = {
  accountSid: text.optional(),
  authToken: secret.optional(),
  apiKey: text.optional(),
  apiKeySecret: secret.optional(),
  baseUrl: text.optional(),
  ...wire,
}

const twilioCarrier = z.strictObject({
  kind: z.literal('twilio'),
  ...twilioAccount,
  webhookUrl: text.optional(),
  ...others('agents', 'agent', 'amd', 'maxDuration', 'record', 'byoc', 'visibilityLag'),
  ...pace,
  ...atOnce,
})

const telnyxCarrier = z.strictObject({
  kind: z.literal('telnyx'),
  apiKey: secret.optional(),
  publicKey: text.optional(),
  connectionId: text.optional(),
  webhookUrl: text.optional(),
  baseUrl: text.optional(),
  ...others('agents', 'amd', 'onMachine', 'fromDisplayName', 'billingGroupId', 'record', 'visibilityLag'),
  ...wire,
  ...pace,
  ...atOnce,
})

const httpCarrier = z.strictObject({
  kind: z.literal('http'),
  baseUrl: text.optional(),
  secret: secret.optional(),
  webhookSecret: z.union([secret, z.array(secret).min(1)]).optional(),
  webhookUrl: text.optional(),
  headers: z.record(z.string(), text).optional(),
  ...others('capabilities', 'needs', 'metadata', 'codes'),
  ...wire,
  ...pace,
  ...atOnce,
})

const twilioNumbers = z.strictObject({
  kind: z.literal('twilio'),
  ...twilioAccount,
  ...others('accounts', 'createVisibility'),
  ...pace,
  ...atOnce,
})

const telnyxNumbers = z.strictObject({
  kind: z.literal('telnyx'),
  apiKey: secret.optional(),
  apiKeys: z.record(z.string(), secret).optional(),
  baseUrl: text.optional(),
  ...others('patience', 'orderVisibility', 'names'),
  ...wire,
  ...pace,
  ...atOnce,
})

/** Carriers of a service. */
export const CARRIER_KINDS = [twilioCarrier, telnyxCarrier, httpCarrier] as const
/** Numbers of a service. */
export const NUMBER_KINDS = [twilioNumbers, telnyxNumbers] as const

/** One of them, as the file has it. */
export type AccountGiven = z.output<(typeof CARRIER_KINDS)[number] | (typeof NUMBER_KINDS)[number]>
export type AccountKind = AccountGiven['kind']

/** Options that may be `{ "env": … }`; in `headers` and `apiKeys` each value may. Elsewhere that is JSON like any other. */
export const READ_FROM_ENVIRONMENT: ReadonlySet<string> = new Set([
  ...['accountSid', 'authToken', 'apiKey', 'apiKeySecret', 'publicKey', 'connectionId', 'secret', 'webhookSecret'],
  ...['baseUrl', 'webhookUrl', 'headers', 'apiKeys'],
])
