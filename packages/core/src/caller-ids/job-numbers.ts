import { OutdialError } from '../errors/outdial-error.js'
import type { CallSpec } from '../jobs/spec.js'
import type { ContactReader } from '../ports/contacts.js'
import type { Limit } from '../ports/storage-limits.js'
import { isGated } from './choice.js'
import { numberLimits } from './keys.js'
import type { ParsedCallerIds } from './pool-options.js'
import { saidOf } from './said.js'

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
  if (isGated(spec)) return spec
  const { callerIds } = spec
  return { ...spec, from, pool: true, ...(callerIds && { callerIds: saidOf(callerIds, spec.from, from) }) }
}

function readNumber(reader: ContactReader, number: string, field: string): string {
  const read = reader.phone(number)
  if ('e164' in read) return read.e164
  throw new OutdialError('invalid_options', `${field}: ${read.message}`, { field })
}
