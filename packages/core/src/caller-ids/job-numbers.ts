import { OutdialError } from '../errors/outdial-error.js'
import type { CallSpec } from '../jobs/spec.js'
import type { ContactReader } from '../ports/contacts.js'
import type { Limit } from '../ports/storage-limits.js'
import { isGated } from './choice.js'
import { numberLimits } from './keys.js'
import type { CallerIdLimits, CallerIdRules, ParsedCallerIds } from './pool-options.js'

const NO_RULES: CallerIdRules = { order: 'rotate', sticky: true, localPresence: false }

/** The numbers of `from` in E.164; throws `invalid_options` naming the one that is none. */
export function readNumbers(reader: ContactReader, from: string | readonly string[]): string[] {
  return [from].flat().map((number, i) => readNumber(reader, number, typeof from === 'string' ? 'from' : `from[${i}]`))
}

/** The same options with numbers in E.164. One that a job does not call from is `invalid_options`. */
export function readCallerIds(reader: ContactReader, given: ParsedCallerIds, from: readonly string[]): ParsedCallerIds {
  const numbers = Object.entries(given.numbers).map(([number, limits]) => {
    const field = `callerIds.numbers.${number}`
    const read = readNumber(reader, number, field)
    if (!from.includes(read)) {
      throw new OutdialError('invalid_options', `${field}: is none of the numbers in from`, { field })
    }
    return [read, limits] as const
  })
  return { ...given, numbers: Object.fromEntries(numbers) }
}

/** What is stored of the limits of a job's numbers. */
export function callerIdLimits(
  organization: string,
  from: readonly string[],
  { limits, numbers }: ParsedCallerIds,
  revision: number,
): Limit[] {
  return from.flatMap((number) => numberLimits(organization, number, { ...limits, ...numbers[number] }, revision))
}

/** What a job keeps of options. What they leave out of the limits stays as the job had it; what they say of all numbers counts for each. */
export function keptCallerIds(
  { rules, limits, numbers }: ParsedCallerIds,
  was: CallerIdRules | undefined,
): CallerIdRules {
  const all = { ...limitsIn(was), ...limits }
  const single = Object.fromEntries(
    Object.entries(was?.numbers ?? {}).map(([number, own]) => {
      return [number, Object.fromEntries(Object.entries(own).filter(([name]) => !(name in limits)))]
    }),
  )
  for (const [number, own] of Object.entries(numbers)) single[number] = { ...single[number], ...own }
  return {
    ...rules,
    ...all,
    ...(Object.keys(single).length > 0 && { numbers: single }),
  }
}

function limitsIn(rules: CallerIdRules | undefined): CallerIdLimits {
  const { order: _, sticky: __, localPresence: ___, numbers: ____, ...limits } = rules ?? NO_RULES
  return limits
}

/** The limits of numbers that a job gets without any being said: those that it was given before. */
export function keptLimits({ callerIds, from }: CallSpec): ParsedCallerIds | undefined {
  if (!callerIds) return undefined
  const { order, sticky, localPresence, numbers = {}, ...limits } = callerIds
  const rules = { order, sticky, localPresence }
  const known = Object.fromEntries(Object.entries(numbers).filter(([number]) => from.includes(number)))
  return { rules, limits, numbers: known }
}

/** Those of a job's numbers that options give a daily cap. */
export function cappedNumbers(from: readonly string[], { limits, numbers }: ParsedCallerIds): string[] {
  return from.filter((number) => typeof { ...limits, ...numbers[number] }.perDay === 'number')
}

/** A definition with other numbers. One whose only number is its gate keeps it: `invalid_options`. */
export function withFrom(spec: CallSpec, from: readonly string[]): CallSpec {
  if (isGated(spec) && from.join() !== spec.from.join()) {
    throw new OutdialError(
      'invalid_options',
      'from: a campaign created with one number keeps it. Create it with several, or with `callerIds`, to change them later.',
      { field: 'from' },
    )
  }
  return isGated(spec) ? spec : { ...spec, from, pool: true }
}

function readNumber(reader: ContactReader, number: string, field: string): string {
  const e164 = reader.number?.(number)
  if (e164 !== undefined) return e164
  const read = reader.phone(number)
  if ('e164' in read) return read.e164
  throw new OutdialError('invalid_options', `${field}: ${read.message}`, { field })
}
