import * as z from 'zod'

/** The body of a route that takes none: clients send nothing, or an object without fields. */
export const noBody: z.ZodType<undefined> = z
  .strictObject({})
  .optional()
  .transform(() => undefined)
