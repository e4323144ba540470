import { problem, show } from '../problems.js'
import { isEmpty, type Reading } from './reading.js'

/** IANA names: no offsets such as `+03:00` and `UTC+3`, which `Intl` takes in some versions. */
const IANA_NAME = /^[a-z]\w*(?:[-+/][a-z0-9]\w*)*$/i

/** Zones asked for so far. There are some 600 names; what is none is not remembered without limit. */
const known = new Map<string, string | undefined>()
const REMEMBERED = 2_000

/** The zone as it is usually spelled (`europe/london` → `Europe/London`), or `undefined` when there is none. */
export function knownZone(name: string): string | undefined {
  if (known.has(name)) return known.get(name)
  const zone = lookUp(name)
  if (known.size < REMEMBERED) known.set(name, zone)
  return zone
}

/** Reads an IANA time zone. */
export function readTimezone(cell: unknown, column: string): Reading<string> {
  if (isEmpty(cell)) return undefined
  const zone = typeof cell === 'string' ? knownZone(cell.trim()) : undefined
  if (zone !== undefined) return { value: zone }
  return {
    problem: problem(
      'timezone_unknown',
      `${show(String(cell))} is not an IANA time zone such as Europe/London`,
      column,
    ),
  }
}

function lookUp(name: string): string | undefined {
  if (!IANA_NAME.test(name)) return undefined
  try {
    const { timeZone } = new Intl.DateTimeFormat('en-US', { timeZone: name }).resolvedOptions()
    // An alias is kept (Asia/Kolkata, not what it resolves to): the host wrote it.
    return timeZone.toLowerCase() === name.toLowerCase() ? timeZone : name
  } catch {
    return undefined
  }
}
