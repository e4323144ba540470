import type * as z from 'zod'
import type { ReadOptions, RowProblem } from '../ports/contacts.js'

/** The row check that a host's zod schema makes. Problems name the column. */
export function variablesCheck<Variables>(
  schema: z.ZodType<Variables>,
): NonNullable<ReadOptions<Variables>['variables']> {
  return (raw) => {
    const result = schema.safeParse(raw)
    if (result.success) return { value: result.data }
    const problems = result.error.issues.map(({ path, message }): RowProblem => {
      const column = path.length > 0 ? { column: String(path[0]) } : {}
      return { code: 'variables_invalid', ...column, message }
    })
    return { problems: problems as [RowProblem, ...RowProblem[]] }
  }
}
