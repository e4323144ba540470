import * as z from 'zod'
import { OutdialError } from '../errors/outdial-error.js'
import { metadataSchema } from '../jobs/metadata.js'
import type { OperationSpec } from '../jobs/spec.js'
import type { JobState } from '../lifecycle/job.js'
import { oneOf, parseOptions } from '../policy/options.js'
import { resolveSchedule, type ScheduleTime, scheduleTimeSchema } from '../policy/schedule.js'
import { isJsonObject, type JsonObject, jsonObjectSchema } from './json.js'

/** What every operations job may say, whatever it does. */
interface CommonOptions {
  name: string
  description?: string | undefined
  /** The host's own facts about the job: a JSON object of at most 64 KiB. Every snapshot has it, nothing reads it. */
  metadata?: JsonObject | undefined
  /** Tenant. Default `default`. */
  organization?: string | undefined
  /** Type of the resources, as one of the engine's back ends names it, e.g. `phonenumber`. */
  type: string
  /** A person has to approve it first, seeing what `job.plan()` shows: `job.approve()`. Default false. */
  review?: boolean | undefined
  /** When to begin: `'now'`, a time (naive ones in UTC), or `'draft'` (default): not before `job.start()`. */
  start?: ScheduleTime | 'draft' | undefined
  /** From then on nothing more is begun; what still waits ends as `expired`. Outages are waited out until then. */
  expires?: ScheduleTime | undefined
  /** Operations of this job at once. Default: as many as the back end takes. */
  concurrency?: number | undefined
  /** Starts per second; fractions are fine. Default: no limit of its own. */
  cps?: number | undefined
  /**
   * Times that one operation is tried while nobody can say what came of it: time-outs, resets, crashes. Default 3. Being
   * throttled, or told that nothing was done, does not count.
   */
  attempts?: number | undefined
  /**
   * Fields of `data` that only the back end gets to see: a PIN, say. Snapshots, items, plans, results and events have
   * `[redacted]` in their place, also in what the back end shows afterwards. The store keeps them for as long as the job.
   */
  secrets?: readonly string[] | undefined
  /**
   * How many items it is meant to be: another number is `unexpected_count`, and nothing is created. For who selects by a
   * filter, or reads a list that others write. `job.approve({ expect })` asks it again of what waits.
   */
  expect?: number | undefined
  /** Share among the organization's backlogged jobs. Default 1. */
  weight?: number | undefined
  /** Creating twice with the same key makes one job. Kept as long as the job. */
  idempotencyKey?: string | undefined
  /**
   * What tells whether two requests with the same key are the same request: a digest of them, say. Default: the options
   * themselves, data and entries included. Without a key: nothing.
   */
  fingerprint?: string | undefined
}

/** What is kept of the resources that were there before. */
interface Keeping {
  /**
   * Whether each resource is kept with its item as it was before it was changed or deleted (`before`, without `secrets`).
   * Costs a search and a write to the store for each item; what cannot be read now is put off, not changed blindly. Default true.
   */
  keepBefore?: boolean | undefined
}

type EntriesGiven = Selection['entries']

/** Creates resources. */
export interface CreateOperationOptions extends CommonOptions {
  method: 'create'
  /** One object for each new resource, in the order in which they are made. */
  data: readonly JsonObject[]
  entries?: undefined
  field?: undefined
  keepBefore?: undefined
  allowInUse?: undefined
}

/** A key of a resource, and what the host wants to read again with its item. */
export interface OperationEntry {
  entry: string
  /** The host's own facts, JSON: in every item and event of this entry, never given to the back end. */
  facts?: JsonObject | undefined
}

/** Which resources, in the order in which they are taken: a key of each. */
export type OperationEntries = readonly (string | OperationEntry)[]

interface Selection {
  /**
   * Which resources. Each entry is an operation, repeated ones too. A function is called when it is certain that there is
   * no job with this `idempotencyKey` yet, so that a repeated request need not find again what is there no more; what it
   * throws is thrown, and there is no job. With a key it needs a `fingerprint`.
   */
  entries: OperationEntries | (() => Promise<OperationEntries>)
  /** Key by which the entries are found: one of the back end's. Default: its first. */
  field?: string | undefined
}

/** Changes resources. */
export interface UpdateOperationOptions extends CommonOptions, Selection, Keeping {
  method: 'update'
  allowInUse?: undefined
  /** What to set on every entry. */
  data: JsonObject
}

/** Deletes resources. */
export interface DeleteOperationOptions extends CommonOptions, Selection, Keeping {
  method: 'delete'
  data?: undefined
  /**
   * Deletes numbers too from which a campaign that has not ended calls. Default false: such an item fails with
   * `number_in_use`.
   */
  allowInUse?: boolean | undefined
}

/** A bulk operation to create. */
export type OperationJobOptions = CreateOperationOptions | UpdateOperationOptions | DeleteOperationOptions

const positive = z.int().min(1)
const text = (max: number) => z.string().min(1).max(max)

const commonShape = {
  name: text(200),
  description: z.string().max(10_000).optional(),
  metadata: metadataSchema.optional(),
  organization: text(200).optional(),
  type: text(200),
  review: z.boolean().optional(),
  start: scheduleTimeSchema.optional(),
  expires: scheduleTimeSchema.optional(),
  concurrency: positive.max(1_000_000).optional(),
  cps: z.number().gt(0).max(100_000).optional(),
  attempts: positive.max(1000).optional(),
  secrets: z.array(text(200)).max(100).optional(),
  expect: z.int().min(0).optional(),
  weight: z.number().gt(0).max(1_000_000).optional(),
  idempotencyKey: text(500).optional(),
  fingerprint: text(200).optional(),
}

const key = text(1000)
const withFacts = z.strictObject({ entry: key, facts: jsonObjectSchema.optional() })
const entry = oneOf<string | OperationEntry, unknown>((given) => (typeof given === 'object' ? withFacts : key))
const anyEntries = z.array(entry, { error: 'expected a list of keys' }).min(1, 'expected at least one entry')
const entryList = takenIf(areEntries, anyEntries)
const entries = oneOf<EntriesGiven, unknown>((given) =>
  typeof given === 'function' ? z.custom<() => Promise<OperationEntries>>() : entryList,
)
const objects = takenIf(
  (given) => given.every(isJsonObject),
  z
    .array(jsonObjectSchema, { error: 'a creation takes a list of objects, one for each new resource' })
    .min(1, 'expected at least one object'),
)
const changes = jsonObjectSchema.refine((data) => !isEmpty(data), { error: 'expected at least one field to set' })
const none = (error: string) => z.undefined({ error }).optional()

const schema = z.discriminatedUnion(
  'method',
  [
    z.strictObject({
      ...commonShape,
      method: z.literal('create'),
      data: objects,
      entries: none('a creation has no entries; `data` says what to create'),
      field: none('a creation finds nothing, so it has no field'),
      keepBefore: none('before a creation there is nothing to keep'),
      allowInUse: none('is for deletions'),
    }),
    z.strictObject({
      ...commonShape,
      method: z.literal('update'),
      data: changes,
      entries,
      field: text(200).optional(),
      keepBefore: z.boolean().optional(),
      allowInUse: none('is for deletions'),
    }),
    z.strictObject({
      ...commonShape,
      method: z.literal('delete'),
      data: none('a deletion has no data'),
      entries,
      field: text(200).optional(),
      keepBefore: z.boolean().optional(),
      allowInUse: z.boolean().optional(),
    }),
  ],
  { error: "expected 'create', 'update' or 'delete'" },
)

/** A list of at least one that is taken as it is if it looks good, since there may be many: else the schema says what is wrong with it. */
function takenIf<T>(fits: (given: readonly unknown[]) => boolean, schema: z.ZodType<T>): z.ZodType<T, unknown> {
  const taken = z.custom<T>()
  return oneOf<T, unknown>((given) => (Array.isArray(given) && given.length > 0 && fits(given) ? taken : schema))
}

function areEntries(given: readonly unknown[]): boolean {
  return given.every((one) => (typeof one === 'string' ? isKey(one) : isEntry(one)))
}

function isEntry(given: unknown): boolean {
  if (typeof given !== 'object' || given === null) return false
  const { entry: named, facts } = given as Partial<OperationEntry>
  if (!isKey(named) || (facts !== undefined && !isJsonObject(facts))) return false
  for (const name in given) if (name !== 'entry' && name !== 'facts') return false
  return true
}

function isKey(given: unknown): boolean {
  return typeof given === 'string' && given.length >= 1 && given.length <= 1000
}

/** Asked of anything: what is no object has been told so already. */
function isEmpty(data: unknown): boolean {
  return typeof data === 'object' && data !== null && Object.keys(data).length === 0
}

/** Checks options of a new job; throws `invalid_options` or `invalid_schedule` naming the field. */
export function parseOperationOptions(input: unknown): OperationJobOptions {
  const given = parseOptions(schema as unknown as z.ZodType<OperationJobOptions>, input, '')
  if (typeof given.entries === 'function' && given.idempotencyKey !== undefined && given.fingerprint === undefined) {
    throw new OutdialError(
      'invalid_options',
      'fingerprint: needed with an idempotencyKey when the entries are a function, which says nothing of the request',
      { field: 'fingerprint' },
    )
  }
  return given
}

/** The entries of a job that is really to be made. */
export async function entriesOf(given: EntriesGiven): Promise<OperationEntries> {
  return typeof given === 'function' ? parseOptions(entryList, await given(), 'entries') : given
}

/** The definition of a job with these options. `keys` are the back end's. */
export function operationSpec(given: OperationJobOptions, keys: readonly string[], now: number): OperationSpec {
  const { name, description, metadata, type, method, attempts = 3, concurrency, cps, secrets } = given
  const at = (input: ScheduleTime, field: string) => resolveSchedule(input, { zone: 'UTC', now, field })
  const startAt = given.start === undefined || given.start === 'draft' ? undefined : at(given.start, 'start')
  const expiresAt = given.expires === undefined ? undefined : at(given.expires, 'expires')
  const field = method === 'create' ? undefined : (given.field ?? keys[0])
  if (field !== undefined && !keys.includes(field)) {
    throw new OutdialError('invalid_options', `field: '${type}' is found by ${keys.join(', ')}, not by '${field}'`, {
      field: 'field',
    })
  }
  return {
    kind: 'operations',
    name,
    ...(description !== undefined && { description }),
    ...(metadata !== undefined && { metadata }),
    type,
    method,
    ...(field !== undefined && { field }),
    ...(method === 'update' && { data: given.data }),
    ...(secrets !== undefined && secrets.length > 0 && { secrets }),
    ...(method !== 'create' && (given.keepBefore ?? true) && { keepBefore: true as const }),
    ...(given.allowInUse && { allowInUse: true as const }),
    attempts,
    keepOpen: false,
    ...(startAt !== undefined && startAt > now && { startAt }),
    ...(expiresAt !== undefined && { expiresAt }),
    ...(concurrency !== undefined && { concurrency }),
    ...(cps !== undefined && { cps }),
  }
}

/** Throws for a job that would be over before it began. Not asked of one that is there already: a repeated request may come late. */
export function checkExpiry({ startAt = 0, expiresAt }: OperationSpec, now: number): void {
  if (expiresAt === undefined || expiresAt > Math.max(now, startAt)) return
  throw new OutdialError('invalid_schedule', 'expires: is not after the start, so nothing would be done', {
    field: 'expires',
  })
}

/** The state in which a job with these options begins. */
export function firstState({ review, start }: OperationJobOptions, spec: OperationSpec): JobState {
  if (review) return 'pending_review'
  if (start === undefined || start === 'draft') return 'draft'
  return spec.startAt === undefined ? 'queued' : 'scheduled'
}
