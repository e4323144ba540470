import * as z from 'zod'

/** What is kept with a task: whether it was to be reviewed. */
export const wireFacts = z.object({ review: z.boolean() })
