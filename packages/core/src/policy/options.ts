import * as z from 'zod'
import type { ErrorCode } from '../errors/codes.js'
import { OutdialError } from '../errors/outdial-error.js'

/** What became of reading one value a user gave: the value, or what is wrong with it, as the end of a sentence. */
export type Read<T> = { value: T } | { problem: string }

/** The value that was read; throws `code` naming `field` when there is none. */
export function unwrap<T>(read: Read<T>, code: ErrorCode, field: string): T {
  if ('problem' in read) throw new OutdialError(code, `${field}: ${read.problem}`, { field })
  return read.value
}

/** A schema for what `read` understands. `code` is the error that {@link parseOptions} throws for its problems. */
export function schemaOf<Output, Input>(
  read: (input: unknown) => Read<Output>,
  code: ErrorCode = 'invalid_options',
): z.ZodType<Output, Input> {
  const schema = z.unknown().transform((input, context): Output => {
    const result = read(input)
    if ('value' in result) return result.value
    context.addIssue({ code: 'custom', message: result.problem, params: { code } })
    return z.NEVER
  })
  return schema as unknown as z.ZodType<Output, Input>
}

/**
 * A union whose member is told by a look at the input. zod's own union says only that no member fits; this one says
 * what is wrong with the member that was meant, and where. `choose` answers a sentence when none can be meant.
 */
export function oneOf<Output, Input>(
  choose: (input: unknown) => z.ZodType<Output, never> | z.ZodType<Output> | string,
  code: ErrorCode = 'invalid_options',
): z.ZodType<Output, Input> {
  const schema = z.unknown().transform((input, context): Output => {
    const chosen = choose(input)
    if (typeof chosen === 'string') {
      context.addIssue({ code: 'custom', message: chosen, params: { code } })
      return z.NEVER
    }
    const result = chosen.safeParse(input)
    if (result.success) return result.data
    for (const issue of result.error.issues) {
      // zod prefixes paths in place, so each issue needs a path of its own.
      context.issues.push({ ...issue, input, path: [...issue.path] } as z.core.$ZodRawIssue)
    }
    return z.NEVER
  })
  return schema as unknown as z.ZodType<Output, Input>
}

/**
 * Reads an option, or throws the first problem as an {@link OutdialError} whose `details.field` is a path such as
 * `retry.no_answer[1]`; `details.problems` lists all of them. The code is `invalid_options`, or `invalid_schedule` for
 * times, zones and windows.
 */
export function parseOptions<Output>(schema: z.ZodType<Output>, input: unknown, field: string): Output {
  const result = schema.safeParse(input)
  if (result.success) return result.data
  const { issues } = result.error
  const problems = issues.map((issue) => ({ field: pathOf(field, issue), message: issue.message }))
  // There is no failure without an issue.
  const [issue, first] = [issues[0] as z.core.$ZodIssue, problems[0] as (typeof problems)[number]]
  throw new OutdialError(codeOf(issue), `${first.field}: ${first.message}`, { field: first.field, problems })
}

/** The code that {@link schemaOf} has put into an issue; zod's own have none. */
function codeOf(issue: { params?: Record<string, unknown> | undefined } | z.core.$ZodIssue): ErrorCode {
  const params = 'params' in issue ? issue.params : undefined
  return (params?.code as ErrorCode | undefined) ?? 'invalid_options'
}

function pathOf(field: string, issue: z.core.$ZodIssue): string {
  // An unknown key is reported at its object; what the user has to find is the key.
  const path = issue.code === 'unrecognized_keys' ? [...issue.path, ...issue.keys.slice(0, 1)] : issue.path
  return path.reduce<string>((text, step) => {
    if (typeof step === 'number') return `${text}[${step}]`
    return text === '' ? String(step) : `${text}.${String(step)}`
  }, field)
}
