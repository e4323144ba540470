import * as z from 'zod'

/**
 * A list that fits a schema, taken as it came. zod makes a copy of every object, which of ten thousand contacts is as much work as to
 * parse them, and of a loose one it leaves out what is called `__proto__`. `fits` says at a glance that a list is as the schema wants it;
 * where it does not, the schema itself says what is wrong. So what is refused, and in which words, is the schema's.
 *
 * For items that the schema only checks: what it would change is not changed.
 */
export function listAsItIs<Item>(
  schema: z.ZodType<Item[]>,
  fits: (list: readonly unknown[]) => boolean,
): z.ZodType<Item[], Item[]> {
  const { $schema: _, ...shape } = z.toJSONSchema(schema, { io: 'input', unrepresentable: 'any' })
  return z
    .custom<Item[]>()
    .superRefine((value: unknown, context) => {
      if (Array.isArray(value) && fits(value)) return
      const { error } = schema.safeParse(value)
      // zod prefixes paths in place, so each issue needs a path of its own.
      for (const issue of error?.issues ?? [])
        context.issues.push({ ...issue, input: value, path: [...issue.path] } as z.core.$ZodRawIssue)
    })
    .meta(shape as Record<string, unknown>)
}

/** Whether it is an object of JSON. */
export function isJsonObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
