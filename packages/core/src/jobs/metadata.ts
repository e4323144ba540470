import type * as z from 'zod'
import { type JsonObject, jsonObjectSchema } from '../operations/json.js'

/** Characters of the JSON text of a job's metadata. It goes with every reading of the job, so it is no place for lists. */
const MOST = 65_536

/** What hosts and transports keep with a job: plain JSON, bounded, opaque to the engine. */
export const metadataSchema: z.ZodType<JsonObject> = jsonObjectSchema.superRefine((value, context) => {
  // Asked of anything: what is no JSON has been told so already, and may be what cannot be written.
  if (context.issues.length > 0) return
  const { length } = JSON.stringify(value)
  if (length <= MOST) return
  context.addIssue({ code: 'custom', message: `is ${length} characters of JSON, at most ${MOST} are kept with a job` })
})
