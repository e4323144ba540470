import * as z from 'zod'
import { jsonObjectSchema } from '../operations/json.js'
import { oneOf, parseOptions } from '../policy/options.js'
import { type ScheduleTime, scheduleTimeSchema } from '../policy/schedule.js'

/** Do-not-call lists: of the campaign, of its organization, of everybody. */
export type OptOutList = 'job' | 'organization' | 'global'

/** How somebody does not want to be called any more. */
export interface OptOut {
  /** On which list the number is put. Default `organization`. */
  list?: OptOutList | undefined
  /** In the person's words; kept with the report. */
  reason?: string | undefined
}

/** What an agent learned in a call; see `Calls.report`. */
export interface Disposition {
  /**
   * The host's word for it, e.g. `interested`; at most 1,000 characters. It begins the cool-downs of the job and of its rule sets that name it, which
   * can name one of at most 200.
   */
  disposition?: string | undefined
  /** Repeating a report with the same id records nothing more. Default: its content. */
  id?: string | undefined
  /** Whatever else is to be kept, JSON. */
  data?: Readonly<Record<string, unknown>> | undefined
  /** The number is put on a do-not-call list before the report resolves: no call that is fenced from then on goes there. */
  optOut?: boolean | OptOut | undefined
  /**
   * The person wants to be called at this time: not before, and then under the campaign's policy (attempts, hours, caps). Times
   * without an offset are the called person's. The answer says whether it will be so.
   */
  callback?: ScheduleTime | undefined
  /** Whoever answered is not the contact: the number is put on the campaign's do-not-call list, and not called by it again. */
  wrongNumber?: boolean | undefined
}

/** Why nobody will be called back. */
export type CallbackRefusal =
  /** The report opts out as well, which counts. */
  | 'opted_out'
  /** It is nobody who should be called. */
  | 'wrong_number'
  /** The contact has ended, which is final: it succeeded, failed, was skipped or canceled. */
  | 'ended'
  /** The job is being ended. */
  | 'job_ended'
  /** The job expires before that time. */
  | 'expires'
  /** The contact has had, with this one, as many calls as it may have. */
  | 'attempts_exhausted'
  /** The contact has been called again since, or is being called. */
  | 'called_since'
  /** Some worker kept the contact to itself for longer than it should. Report again. */
  | 'busy'

/** What becomes of a wish to be called back. */
export type CallbackAnswer =
  /** It is stored: the contact is called from this time on (milliseconds since the epoch), and not before. */
  { status: 'scheduled'; at: number } | { status: 'refused'; reason: CallbackRefusal; message: string }

/** What a report came to. */
export interface Reported {
  /** False: a report with its id had been recorded before. */
  recorded: boolean
  /** The lists on which the number is because of this report. */
  suppressed?: readonly OptOutList[]
  /** With `callback`: whether it is scheduled, or why not. The wish itself is kept with the report in either case. */
  callback?: CallbackAnswer
}

const optOut = z.strictObject({
  list: z.enum(['job', 'organization', 'global']).optional(),
  reason: z.string().max(1000).optional(),
})

const schema = z.strictObject({
  disposition: z.string().max(1000).optional(),
  id: z.string().min(1).max(1000).optional(),
  data: jsonObjectSchema.optional(),
  optOut: oneOf<boolean | OptOut, unknown>((given) => (typeof given === 'object' ? optOut : z.boolean())).optional(),
  callback: scheduleTimeSchema.optional(),
  wrongNumber: z.boolean().optional(),
})

/** Checks a report; throws `invalid_options` naming the field. */
export function parseDisposition(input: unknown): Disposition {
  return parseOptions(schema as unknown as z.ZodType<Disposition>, input, '')
}

/** The lists that a report puts a number on. */
export function optOutLists({ optOut, wrongNumber }: Disposition): OptOutList[] {
  const lists = new Set<OptOutList>()
  if (optOut) lists.add((optOut === true ? undefined : optOut.list) ?? 'organization')
  if (wrongNumber) lists.add('job')
  return [...lists]
}
