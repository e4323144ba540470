import { JOB_STATES, TASK_STATES } from '@outdial/core'
import * as z from 'zod'
import { noBody } from '../../../frame/no-body.js'

/** Milliseconds, or text such as `5m`. What is wrong with one the engine says, by the name of the field. */
export const duration = z.union([z.string(), z.number()]).describe("Milliseconds, or text such as '30s', '5m', '1h30m'")

/** ISO 8601, `now`, or milliseconds since the epoch. */
export const moment = z.union([z.string(), z.number()]).describe("ISO 8601, with or without offset, or 'now'")

export const jobName = z.string().min(1).max(200)
export const description = z.string().max(10_000)
/** JSON by nature: it comes out of a body. Its size is the engine's to judge. */
export const metadata = z.record(z.string(), z.unknown()).describe('Your own facts: at most 64 KiB of JSON')
export const reason = z.string().min(1).max(200)
export const weight = z.number().gt(0).max(1_000_000).describe("Share among the organization's backlogged jobs")
export const concurrency = z.int().min(1).max(1_000_000)
export const cps = z.number().gt(0).max(100_000).describe('Starts per second')

/** Path parameters of one job. */
export const jobPath = z.object({ id: z.string().max(200) })

const cursor = z.string().max(15).regex(/^\d+$/, 'expected the cursor of a page').optional()
const limit = z.coerce.number().pipe(z.int().min(1).max(500)).default(100)
/** One, or several: `state=draft&state=paused`. */
const oneOrMore = <const States extends readonly string[]>(states: States) =>
  z.union([z.enum(states), z.array(z.enum(states)).min(1)]).optional()

/** Query of any list. */
export const listPage = z.strictObject({ cursor, limit })
/** Query of a list of jobs. */
export const listJobs = z.strictObject({ state: oneOrMore(JOB_STATES), cursor, limit })
/** Query of a list of contacts or items. */
export const listTasks = z.strictObject({ state: oneOrMore(TASK_STATES), cursor, limit })

/** What the engine is asked for a page. */
export function pageOf<State>({
  state,
  cursor,
  limit,
}: {
  state?: State | State[] | undefined
  cursor?: string | undefined
  limit: number
}) {
  return {
    max: limit,
    ...(state !== undefined && { states: [state].flat() as State[] }),
    ...(cursor !== undefined && { cursor }),
  }
}

/** Body of whatever lets a job go: how many somebody has seen, or nothing. */
export const expectBody = z.union([
  z.strictObject({
    expect: z.int().min(0).describe('So many tasks have to wait: with another number nothing is begun'),
  }),
  noBody,
])

/** Body of a pause: why, and until when, or nothing. */
export const pauseBody = z.union([
  z.strictObject({
    reason: reason.optional(),
    until: moment.optional().describe('When it goes on by itself. Absent: when somebody resumes it'),
  }),
  noBody,
])

/** Body of whatever may be given a reason, or nothing. */
export const reasonBody = z.union([z.strictObject({ reason }), noBody])
