import type { StoredEvent, StoredEventData, Terminal } from '@outdial/core'
import type { Packed } from './msgpack.js'
import type { ParcelPlace, Parcels } from './parcels.js'
import type { WholeMemo } from './shared-memos.js'

/** An entry of the log: its first event, and then when all of them happened and what they say. */
export type Entry = readonly [first: number, events: readonly [at: number, ...Packed[][]]]

/** The facts of each type of event, by position. A question mark: may not be there. */
const EVENTS: Readonly<Record<StoredEventData['type'], readonly string[]>> = {
  job: ['state', 'reason?', 'revision'],
  changed: ['revision', 'note?'],
  added: ['first', 'count', 'key'],
  claimed: ['indexes'],
  returned: ['index', 'waitUntil', 'reasons?'],
  fenced: ['index', 'ref', 'choice', 'startAt', 'memo'],
  refused: ['index', 'reasons', 'retryAt'],
  progress: ['index', 'ref', 'state'],
  closed: ['index', 'ref', 'placed', 'outcome', 'result', 'waitUntil?'],
  note: ['index', 'ref', 'id', 'data'],
  ended: ['index', 'terminal', 'reason'],
  swept: ['count', 'terminal', 'reason'],
}

/** Where entries have results, that are not in themselves. */
export function* entryParcels(jobId: string, entries: readonly Entry[]): Iterable<ParcelPlace> {
  for (const [, [, ...events]] of entries) {
    for (const event of events) {
      const parcel = event[0] === 'ends' ? event[2] : event[0] === 'closed' ? event[5] : undefined
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

function* dataOf(jobId: string, event: Packed[], { parcels, whole }: Elsewhere): Iterable<StoredEventData> {
  const [kind, ...facts] = event
  if (kind === 'fences') {
    const [tail, startAt, stored, ...each] = facts as [string, number, string, ...number[]]
    const memo = whole(jobId, stored)
    for (let i = 0; i < each.length; i += 2) {
      const [index, choice] = each.slice(i, i + 2) as [number, number]
      yield { type: 'fenced', index, ref: `${jobId}:${index}:${tail}`, choice, startAt, memo }
    }
    return
  }
  if (kind === 'ends') {
    const [tail, parcel, placed, outcome, terminal, reason, ...indexes] = facts as [
      string,
      number,
      boolean,
      string,
      Terminal,
      string,
      ...number[],
    ]
    for (const index of indexes) {
      const result = parcels.result({ jobId, parcel }, index)
      yield { type: 'closed', index, ref: `${jobId}:${index}:${tail}`, placed, outcome, result }
      yield { type: 'ended', index, terminal, reason }
    }
    return
  }
  const data: Record<string, Packed> = { type: kind as string }
  for (const [position, name] of EVENTS[kind as StoredEventData['type']].entries()) {
    const optional = name.endsWith('?')
    const fact = facts[position] as Packed
    if (optional && (fact === undefined || fact === null || fact === false)) continue
    data[optional ? name.slice(0, -1) : name] = fact
  }
  if (data.ref !== undefined) data.ref = `${jobId}:${data.index}:${data.ref}`
  if (typeof data.result === 'number') {
    data.result = parcels.result({ jobId, parcel: data.result }, data.index as number)
  }
  yield data as unknown as StoredEventData
}
