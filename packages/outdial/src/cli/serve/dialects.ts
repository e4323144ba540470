import {
  type CarrierxOptions,
  carrierx,
  type Dialect,
  native,
  type TalkifaiOptions,
  type TelnyxOptions,
  talkifai,
  telnyx,
  type ZuduOptions,
  zudu,
} from '@outdial/transport-http'
import * as z from 'zod'

/** What an example of a request can be made of. */
export interface Seed {
  /** `http://127.0.0.1:8080` */
  base: string
  key: string
  secret: string
  /** A number of the organization's, its id, and the agent behind it. */
  from: string
  numberId: string
  agent: string
  /** A number in the inventory. */
  owned: string
}

/** A dialect as the configuration names it. */
interface Spoken {
  /** Its options in the file, beside its name. */
  readonly options: z.ZodObject
  make(options: never): Dialect
  /** A request that can be pasted into a shell. */
  example(seed: Seed): string
}

const NONE = z.strictObject({})
const above0 = z.number().gt(0)
const names = z.array(z.string())
const carrierxOptions = z.strictObject({
  types: z
    .record(
      z.string(),
      z.strictObject({
        methods: z.array(z.enum(['POST', 'PATCH', 'DELETE'])).optional(),
        phoneFields: names.optional(),
        secretFields: names.optional(),
      }),
    )
    .optional(),
  reviewPaths: z.strictObject({ json: z.string().optional(), csv: z.string().optional() }).optional(),
})
const telnyxOptions = z.strictObject({
  strictNumbers: z.boolean().optional(),
  strictFilters: z.boolean().optional(),
  filterOverflow: z.enum(['cut', 'refuse']).optional(),
  openJobs: z.strictObject({ numbers: above0.optional(), emergency: above0.optional() }).optional(),
  perNumber: above0.optional(),
  deadline: above0.optional(),
})
const talkifaiOptions = z.strictObject({
  rates: z.strictObject({ pipeline: z.number().min(0).optional(), realtime: z.number().min(0).optional() }).optional(),
  unitsPerDollar: above0.optional(),
  retryDelays: z
    .array(z.union([z.string(), z.number()]))
    .min(1)
    .optional(),
  completionFrom: z.enum(['now', 'start']).optional(),
})
const zuduOptions = z.strictObject({
  statuses: z.enum(['lower', 'upper']).optional(),
  tasksUrlLifetime: z.union([z.string(), z.number()]).optional(),
})
const JSON_BODY = "-H 'Content-Type: application/json'"
const bearer = ({ key }: Seed) => `-H 'Authorization: Bearer ${key}'`

/** Every dialect that can be served, by the name that the configuration gives it. */
export const DIALECTS = {
  native: {
    options: NONE,
    make: () => native(),
    example: (seed) =>
      `curl -sS ${seed.base}/v1/call-jobs ${bearer(seed)} ${JSON_BODY} -d '${JSON.stringify({
        name: 'Reminders',
        from: seed.from,
        contacts: [{ phone: '+12025550101', name: 'Ann Example' }],
        start: 'now',
      })}'`,
  },
  carrierx: {
    options: carrierxOptions,
    make: (options: CarrierxOptions) => carrierx(options),
    example: (seed) =>
      `curl -sS ${seed.base}/core/v2/batch/tasks ${bearer(seed)} ${JSON_BODY} -d '${JSON.stringify({
        method: 'PATCH',
        type: 'phonenumber',
        field: 'phonenumber',
        entries: [seed.owned.replace('+', '')],
        data: { trunk_group_sid: 'north' },
        review: false,
      })}'`,
  },
  telnyx: {
    options: telnyxOptions,
    make: (options: TelnyxOptions) => telnyx(options),
    example: (seed) =>
      `curl -sS ${seed.base}/v2/phone_numbers/jobs/update_phone_numbers ${bearer(seed)} ${JSON_BODY} -d '${JSON.stringify(
        {
          phone_numbers: [seed.owned],
          tags: ['north'],
          customer_reference: 'MY REF 001',
        },
      )}'`,
  },
  zudu: {
    options: zuduOptions,
    make: (options: ZuduOptions) => zudu(options),
    example: (seed) =>
      `curl -sS ${seed.base}/batch-call -H 'X-API-KEY: ${seed.key}' -H 'X-API-SECRET: ${seed.secret}' ${JSON_BODY} -d '${JSON.stringify(
        { from_number: seed.from, tasks: [{ to_number: '+12025550101', max_retries: 3 }], send_now: true },
      )}'`,
  },
  talkifai: {
    options: talkifaiOptions,
    make: (options: TalkifaiOptions) => talkifai(options),
    example: (seed) =>
      `curl -sS ${seed.base}/batch/create ${bearer(seed)} ${JSON_BODY} -d '${JSON.stringify({
        fromPhoneNumberId: seed.numberId,
        name: 'Morning follow-ups',
        contacts: [{ phone: '+12025550101', name: 'Ann Example' }],
      })}'`,
  },
} as const satisfies Record<string, Spoken>

export type DialectName = keyof typeof DIALECTS

const spoken = Object.keys(DIALECTS) as [DialectName, ...DialectName[]]
const withOptions = spoken.map((name) => DIALECTS[name].options.extend({ name: z.literal(name) }))

/** A dialect in the configuration: its name, or an object with its name and options. */
export type DialectEntry = DialectName | ({ name: DialectName } & Record<string, unknown>)

export const dialectSchema: z.ZodType<DialectEntry, DialectEntry> = z.union([z.enum(spoken), ...withOptions], {
  error: `expected one of ${spoken.join(', ')}, or an object with its name and options`,
})

/** The dialect that an entry of the configuration stands for. */
export function dialectOf(given: DialectEntry): { name: DialectName; dialect: Dialect } {
  const { name, ...options } = typeof given === 'string' ? { name: given } : given
  return { name, dialect: (DIALECTS[name] as Spoken).make(options as never) }
}

/** A request of a dialect that can be pasted into a shell. */
export function exampleOf(name: DialectName, seed: Seed): string {
  return (DIALECTS[name] as Spoken).example(seed)
}
