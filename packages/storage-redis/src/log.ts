import type { StoredEvent, StoredEventData, Terminal } from '@outdial/core'
import type { Packed } from './msgpack.js'
import type { ParcelPlace, Parcels } from './parcels.js'
import type { WholeMemo } from './shared-memos.js'

/** An entry of the log: its first event, and then when all of them happened and what they say. */
export type Entry = readonly [first: number, events: readonly [at: number, ...Packed[][]]]

/** The types of events that are told together where they follow each other: `fences` and `steps`. */
type Together = 'fenced' | 'progress'

/** The facts of each type of event, by position. A question mark: may not be there. */
const EVENTS: Readonly<Record<Exclude<StoredEventData['type'], Together>, readonly string[]>> = {
  job: ['state', 'reason?', 'revision'],
  changed: ['revision', 'note?'],
  added: ['first', 'count', 'key'],
  claimed: ['indexes'],
  returned: ['index', 'waitUntil', 'reasons?'],
  refused: ['index', 'reasons', 'retryAt'],
  closed: ['index', 'ref', 'placed', 'outcome', 'result', 'waitUntil?'],
  note: ['index', 'ref', 'id', 'data'],
  ended: ['index', 'terminal', 'reason'],
  swept: ['count', 'terminal', 'reason'],
}

/** How calls ended that are told of together. */
type How = readonly [parcel: number, placed: boolean, outcome: string, terminal: Terminal, reason: string]

function parcelOf(event: Packed[]): Packed | undefined {
  if (event[0] === 'closed') return event[5]
  const how = event[0] === 'steps' && (event[2] as unknown as How | false)
  return how ? how[0] : undefined
}

/** Where entries have results, that are not in themselves. */
export function* entryParcels(jobId: string, entries: readonly Entry[]): Iterable<ParcelPlace> {
  for (const [, [, ...events]] of entries) {
    for (const event of events) {
      const parcel = parcelOf(event)
      if (typeof parcel === 'number') yield { jobId, parcel }
    }
  }
}

/** Memos in entries, as they are stored. */
export function* entryMemos(
  jobId: string,
  entries: readonly Entry[],
): Iterable<readonly [jobId: string, stored: string]> {
  for (const [, [, ...events]] of entries) {
    for (const event of events) if (event[0] === 'fences') yield [jobId, event[3] as string]
  }
}

/** What entries say that is not in themselves. */
interface Elsewhere {
  readonly parcels: Parcels
  readonly whole: WholeMemo
}

/** The events of entries, in order. */
export function* eventsOf(jobId: string, entries: readonly Entry[], elsewhere: Elsewhere): Iterable<StoredEvent> {
  for (const [first, [at, ...told]] of entries) {
    let seq = first
    for (const event of told) {
      for (const data of dataOf(jobId, event, elsewhere)) yield { seq: seq++, at, data }
    }
  }
}

function* dataOf(jobId: string, event: Packed[], elsewhere: Elsewhere): Iterable<StoredEventData> {
  const [kind, ...facts] = event
  if (kind === 'fences') return yield* fencesOf(jobId, facts as Fences, elsewhere)
  if (kind === 'steps') return yield* stepsOf(jobId, facts as Steps, elsewhere)
  const data: Record<string, Packed> = { type: kind as string }
  for (const [position, name] of EVENTS[kind as keyof typeof EVENTS].entries()) {
    const optional = name.endsWith('?')
    const fact = facts[position] as Packed
    if (optional && (fact === undefined || fact === null || fact === false)) continue
    data[optional ? name.slice(0, -1) : name] = fact
  }
  if (data.ref !== undefined) data.ref = `${jobId}:${data.index}:${data.ref}`
  if (typeof data.result === 'number') {
    data.result = elsewhere.parcels.result({ jobId, parcel: data.result }, data.index as number)
  }
  yield data as unknown as StoredEventData
}

/** Calls fenced by the same exchange: of each its index and its choice. */
type Fences = [tail: string, startAt: number, memo: string, ...each: number[]]

function* fencesOf(
  jobId: string,
  [tail, startAt, stored, ...each]: Fences,
  { whole }: Elsewhere,
): Iterable<StoredEventData> {
  const memo = whole(jobId, stored)
  for (let i = 0; i < each.length; i += 2) {
    const [index, choice] = each.slice(i, i + 2) as [number, number]
    yield { type: 'fenced', index, ref: `${jobId}:${index}:${tail}`, choice, startAt, memo }
  }
}

/** What came of them: of each step its index, and the state that the call got into, or true for its end and that of its task. */
type Steps = [tail: string, how: How | false, ...each: (number | string | true)[]]

function* stepsOf(jobId: string, [tail, how, ...each]: Steps, { parcels }: Elsewhere): Iterable<StoredEventData> {
  for (let i = 0; i < each.length; i += 2) {
    const [index, step] = each.slice(i, i + 2) as [number, string | true]
    const ref = `${jobId}:${index}:${tail}`
    if (step !== true) {
      yield { type: 'progress', index, ref, state: step }
    } else if (how) {
      const [parcel, placed, outcome, terminal, reason] = how
      yield { type: 'closed', index, ref, placed, outcome, result: parcels.result({ jobId, parcel }, index) }
      yield { type: 'ended', index, terminal, reason }
    }
  }
}
