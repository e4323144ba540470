import type { ListedMember, Page } from '@outdial/core'
import { type ListEntry, listedMember, type MemberList } from '@outdial/core/store'
import { decode, encode, part } from './codec.js'
import * as layout from './layout.js'
import type { Reads } from './reads.js'
import type { Write } from './span.js'

/** A list as it is stored. */
export interface ListRow extends ListEntry {
  size: number
  generation: number
}

/** A member as it is stored: its end, and why it is listed. */
type Entry = readonly [end: number, reason?: string]

/** Of a member who is listed for good, without a reason. */
const FOR_GOOD = '1'

/** Where an entry with an end is to be found when it is over. */
type Ending = readonly [list: string, generation: number, member: string]

/** A list and those of its members that a step has looked at. Entries with an end are also kept by it, to be removed then. */
export class ListRows implements MemberList {
  readonly #reads: Reads
  readonly #name: string
  readonly #row: ListRow
  readonly #members: Map<string, Entry | undefined> = new Map()

  constructor(reads: Reads, name: string, row: ListRow) {
    this.#reads = reads
    this.#name = name
    this.#row = row
  }

  get row(): ListRow {
    return this.#row
  }
  get size(): number {
    return this.#row.size
  }
  get asOf(): number | undefined {
    return this.#row.asOf
  }
  set asOf(at: number | undefined) {
    this.#row.asOf = at
  }
  get maxAgeMs(): number | undefined {
    return this.#row.maxAgeMs
  }
  set maxAgeMs(ms: number | undefined) {
    this.#row.maxAgeMs = ms
  }

  key(member: string): string {
    return `${layout.listMembers(this.#name, this.#row.generation)}/${part(member)}`
  }

  end(member: string): number | undefined {
    return this.#entry(member)?.[0]
  }
  reason(member: string): string | undefined {
    return this.#entry(member)?.[1]
  }
  put(member: string, end: number, reason: string | undefined): void {
    if (!this.#entry(member)) this.#row.size++
    this.#members.set(member, reason === undefined ? [end] : [end, reason])
  }
  delete(member: string): void {
    if (!this.#entry(member)) return
    this.#row.size--
    this.#members.set(member, undefined)
  }
  /** The members of before are left to be removed; see `Unit.forget`. */
  clear(): void {
    this.#members.clear()
    this.#row.generation++
    this.#row.size = 0
  }

  /** Those listed at `now`, in the order of their keys. In a step of its own. */
  scan(cursor: string | undefined, max: number, now: number): Page<ListedMember> {
    const prefix = layout.listMembers(this.#name, this.#row.generation)
    const { gte, lt } = layout.under(prefix)
    const from = cursor === undefined ? gte : layout.after(`${prefix}/${cursor}`)
    const rows = this.#reads.range({ gte: from, lt, limit: max + 1 })
    const items: ListedMember[] = []
    for (const [key, text] of rows.slice(0, max)) {
      const [end, reason] = read(text)
      if (end > now) items.push(listedMember(partRead(key.slice(prefix.length + 1)), end, reason))
    }
    const last = rows[max - 1]
    return { items, ...(last && rows.length > max && { cursor: last[0].slice(prefix.length + 1) }) }
  }

  /** Removes a member whose end has passed. */
  expire([, generation, member]: Ending, now: number): void {
    if (generation !== this.#row.generation) return
    const end = this.end(member)
    if (end !== undefined && end <= now) this.delete(member)
  }

  flush(write: Write): void {
    const { generation } = this.#row
    for (const [member, entry] of this.#members) {
      const key = this.key(member)
      const stored = this.#reads.known(key)?.value
      const value = entry && textOf(entry)
      if (value === stored) continue
      const ending = [this.#name, generation, member] as const
      const before = stored === undefined ? Number.POSITIVE_INFINITY : read(stored)[0]
      if (before < Number.POSITIVE_INFINITY) write(endingKey(before, ending), undefined)
      if (entry && entry[0] < Number.POSITIVE_INFINITY) write(endingKey(entry[0], ending), encode(ending))
      write(key, value)
    }
  }

  #entry(member: string): Entry | undefined {
    if (this.#members.has(member)) return this.#members.get(member)
    const text = this.#reads.get(this.key(member))
    return text === undefined ? undefined : read(text)
  }
}

/** Entries whose end has passed, of all lists, as they are kept by it. In a step of its own. */
export function ended(reads: Reads, now: number, max: number): { key: string; ending: Ending }[] {
  const { gte } = layout.under(layout.LIST_ENDS)
  const rows = reads.range({ gte, lt: layout.listEndsAfter(now), limit: max })
  return rows.map(([key, text]) => ({ key, ending: decode<Ending>(text) }))
}

function endingKey(end: number, [list, generation, member]: Ending): string {
  return layout.listEndKey(end, `${layout.listMembers(list, generation)}/${part(member)}`)
}

function textOf(entry: Entry): string {
  return entry[0] === Number.POSITIVE_INFINITY && entry.length === 1 ? FOR_GOOD : encode(entry)
}

function read(text: string): Entry {
  return text === FOR_GOOD ? [Number.POSITIVE_INFINITY] : decode<Entry>(text)
}

/** The text that `part` wrote. */
function partRead(text: string): string {
  return text.replace(/%([0-9a-f]{4})/g, (_, code) => String.fromCharCode(Number.parseInt(code, 16)))
}
