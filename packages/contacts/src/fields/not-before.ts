import { problem, show } from '../problems.js'
import { isEmpty, type Reading } from './reading.js'
import { instantOf } from './zone-time.js'

const ISO =
  /^(\d{4})-(\d{2})-(\d{2})(?:[T ](\d{2}):(\d{2})(?::(\d{2})(?:[.,](\d{1,9}))?)?(Z|[+-]\d{2}(?::?\d{2})?)?)?$/i

/**
 * Reads a time as milliseconds since the epoch: ISO 8601 (a date alone is its midnight), a `Date`, or such milliseconds.
 * A time without offset is read in the zone.
 */
export function readNotBefore(cell: unknown, column: string, zone: string): Reading<number> {
  if (isEmpty(cell)) return undefined
  const value = cell instanceof Date ? cell.getTime() : typeof cell === 'string' ? parseIso(cell.trim(), zone) : cell
  if (typeof value === 'number' && Number.isInteger(value) && Math.abs(value) <= MAX_TIME) return { value }
  const shown = show(cell instanceof Date ? 'Invalid Date' : String(cell))
  return { problem: problem('not_before_invalid', `${shown} is not a time such as 2026-03-29T10:30`, column) }
}

/** The last millisecond that a `Date` can hold. */
const MAX_TIME = 8.64e15

function parseIso(text: string, zone: string): number | undefined {
  const match = ISO.exec(text)
  if (match === null) return undefined
  const [year, month, day, hour, minute, second] = match.slice(1, 7).map((part) => Number(part ?? 0)) as Six
  const milliseconds = Number((match[7] ?? '').padEnd(3, '0').slice(0, 3))
  const midnight = Date.UTC(year, month - 1, day)
  const date = new Date(midnight)
  // 31 April would become 1 May; years before 100 would become 19xx.
  if (date.getUTCMonth() !== month - 1 || date.getUTCDate() !== day || date.getUTCFullYear() !== year) return undefined
  if (hour > 23 || minute > 59 || second > 59) return undefined
  const local = midnight + ((hour * 60 + minute) * 60 + second) * 1000 + milliseconds
  if (match[8] === undefined) return instantOf(local, zone)
  const offset = parseOffset(match[8])
  return offset === undefined ? undefined : local - offset
}

type Six = [number, number, number, number, number, number]

function parseOffset(text: string): number | undefined {
  if (/^z$/i.test(text)) return 0
  const hours = Number(text.slice(1, 3))
  const minutes = Number(text.slice(3).replace(':', ''))
  if (hours > 23 || minutes > 59) return undefined
  const size = (hours * 60 + minutes) * 60_000
  return text.startsWith('-') ? -size : size
}
