import type { LedgerEntry } from './entry.js'

/**
 * What to count by: a fact of the call, `all` for everything together, or a function (whose `undefined` leaves the entry
 * out). `job`, `task` (job and index) and `attempt` (task and attempt number) are read from the ref.
 */
export type Counting =
  | 'all'
  | 'ref'
  | 'attempt'
  | 'task'
  | 'job'
  | 'to'
  | 'from'
  | 'organization'
  | ((entry: LedgerEntry) => string | undefined)

/** A key with more than one placed call. */
export interface CallTwice {
  key: string
  /** When each was placed, milliseconds since the epoch. */
  at: number[]
}

/** How many calls were really placed, per key. Default: per `to`. */
export function placements(entries: Iterable<LedgerEntry>, by: Counting = 'to'): Map<string, number> {
  const counts = new Map<string, number>()
  for (const [key] of placed(entries, by)) counts.set(key, (counts.get(key) ?? 0) + 1)
  return counts
}

/**
 * Who was called more than once. By `to` (default) that is every person with two calls, whatever the reason: with one
 * attempt per contact it must be empty. With retries use `attempt`, where two calls are always wrong.
 */
export function calledTwice(entries: Iterable<LedgerEntry>, { by = 'to' }: { by?: Counting } = {}): CallTwice[] {
  const times = new Map<string, number[]>()
  for (const [key, at] of placed(entries, by)) {
    const before = times.get(key)
    if (before) before.push(at)
    else times.set(key, [at])
  }
  return [...times].flatMap(([key, at]) => (at.length > 1 ? [{ key, at }] : []))
}

/** The most calls that were live at one moment, per key (default: `all` together, the key of which is `all`). Queued and ringing calls are live. */
export function maxLive(entries: Iterable<LedgerEntry>, { by = 'all' }: { by?: Counting } = {}): Map<string, number> {
  const live = new Map<string, number>()
  const most = new Map<string, number>()
  for (const entry of entries) {
    if (entry.kind !== 'placed' && entry.kind !== 'ended') continue
    const key = keyOf(entry, by)
    if (key === undefined) continue
    const now = (live.get(key) ?? 0) + (entry.kind === 'placed' ? 1 : -1)
    live.set(key, now)
    if (now > (most.get(key) ?? 0)) most.set(key, now)
  }
  return most
}

/** The most calls placed within any window of `windowMs` (its start included, its end not), per key (default: `all`). */
export function maxStarts(
  entries: Iterable<LedgerEntry>,
  { windowMs, by = 'all' }: { windowMs: number; by?: Counting },
): Map<string, number> {
  const recent = new Map<string, { at: number[]; first: number }>()
  const most = new Map<string, number>()
  for (const [key, at] of placed(entries, by)) {
    const window = recent.get(key) ?? { at: [], first: 0 }
    recent.set(key, window)
    window.at.push(at)
    while ((window.at[window.first] as number) <= at - windowMs) window.first++
    most.set(key, Math.max(most.get(key) ?? 0, window.at.length - window.first))
  }
  return most
}

function* placed(entries: Iterable<LedgerEntry>, by: Counting): Iterable<[key: string, at: number]> {
  for (const entry of entries) {
    const key = entry.kind === 'placed' ? keyOf(entry, by) : undefined
    if (key !== undefined) yield [key, entry.at]
  }
}

function keyOf(entry: LedgerEntry, by: Counting): string | undefined {
  if (typeof by === 'function') return by(entry)
  switch (by) {
    case 'all':
      return 'all'
    case 'attempt':
      return withoutLast(entry.ref, 1)
    case 'task':
      return withoutLast(entry.ref, 2)
    case 'job':
      return withoutLast(entry.ref, 3)
    default:
      return entry[by]
  }
}

/** A ref without its last parts: from behind, so that nothing is assumed about job ids. */
function withoutLast(ref: string, parts: number): string {
  let end = ref.length
  for (let i = 0; i < parts && end > 0; i++) end = ref.lastIndexOf(':', end - 1)
  return end > 0 ? ref.slice(0, end) : ref
}
