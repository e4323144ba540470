import { type ListEdit, type ListedMember, type ListState, OutdialError, type Page } from '@outdial/core'
import { editParts, type ListedRow, listedMember } from './list-edits.js'
import type { Packed } from './msgpack.js'
import type { RunOptions } from './server.js'

/** Members asked for in one script. */
const ASKED = 1000
/** Times that a long edit is begun anew when the server has lost a part of it. */
const TRIES = 5

/** Where scripts run. */
export interface Scripts {
  run(name: 'setList' | 'getList' | 'scanList', args: object, options?: RunOptions): Promise<Packed>
}

/** What one shard says of a list. */
export interface ShardList extends ListState {
  /** Whether reports have put somebody on it here. */
  readonly enlisted: boolean
}

/** Where a scan goes on: who was found and not told yet, and what is looked through next. */
interface Place {
  left: string[]
  /** The set of those for good, which comes second. */
  forGood: boolean
  /** Of the server; `false`: at its end. */
  from: string | false
}

/** The suppression lists of a store. */
export class Lists {
  readonly #scripts: Scripts
  readonly #newId: () => string

  constructor(scripts: Scripts, newId: () => string) {
    this.#scripts = scripts
    this.#newId = newId
  }

  /** A long edit in several steps; one that empties the list first takes effect with its last. */
  async set(list: string, edit: ListEdit): Promise<{ size: number }> {
    const parts = editParts(edit)
    for (let tried = 0; tried < TRIES; tried++) {
      const id = parts.length > 1 ? this.#newId() : undefined
      const aside = id !== undefined && edit.clear === true
      let size: Packed = false
      // What comes last is safe only if all that came before it is; and it finds out whether that is still there.
      for (const part of parts) {
        size = await this.#scripts.run('setList', { list, id, aside, ...part }, { safe: !part.more })
      }
      if (size !== false) return { size: size as number }
    }
    throw new OutdialError(
      'storage_unavailable',
      `Redis has crashed and forgotten parts of list ${list} ${TRIES} times while it was being changed. Change it again.`,
      { list },
    )
  }

  async get(list: string, members: readonly string[]): Promise<ShardList> {
    const [size, asOf, maxAgeMs, rows, enlisted] = await this.#look(list, members)
    const found = [...rows]
    for (let i = ASKED; i < members.length; i += ASKED) {
      found.push(...(await this.#look(list, members.slice(i, i + ASKED)))[3])
    }
    return {
      size,
      ...(asOf !== false && { asOf }),
      ...(maxAgeMs !== false && { maxAgeMs }),
      members: found.map((row) => (row ? listedMember(row) : undefined)),
      enlisted,
    }
  }

  async scan(list: string, { cursor, max }: { cursor?: string; max: number }): Promise<Page<ListedMember>> {
    const items: ListedMember[] = []
    const place: Place = cursor === undefined ? { left: [], forGood: false, from: '0' } : JSON.parse(cursor)
    while (items.length < max) {
      if (place.left.length > 0) {
        const { members } = await this.get(list, place.left.splice(0, Math.min(ASKED, max - items.length)))
        items.push(...members.filter((member) => member !== undefined))
      } else if (place.from !== false) {
        const found = await this.#step(list, place, max - items.length)
        items.push(...found.splice(0, max - items.length))
        place.left = found.map(({ member }) => member)
      } else return { items }
    }
    return place.left.length > 0 || place.from !== false ? { items, cursor: JSON.stringify(place) } : { items }
  }

  /** The server gives a few more than it was asked for. */
  async #step(list: string, place: Place, max: number): Promise<ListedMember[]> {
    const { forGood, from } = place
    const count = Math.min(max, ASKED)
    const told = await this.#scripts.run('scanList', { list, forGood, from, count })
    const [rows, next] = told as unknown as [ListedRow[], string | false]
    place.from = next
    if (next === false && !forGood) {
      place.forGood = true
      place.from = '0'
    }
    return rows.map(listedMember)
  }

  async #look(list: string, members: readonly string[]) {
    const told = await this.#scripts.run('getList', { list, members: members.slice(0, ASKED) })
    return told as unknown as [number, number | false, number | false, (ListedRow | false)[], boolean]
  }
}
