import type { FenceParts } from '../calls/fence-parts.js'
import type { Storage } from '../ports/storage.js'
import type { Hold, ListedMember, ListState, Usage } from '../ports/storage-limits.js'

/** What a store says of lists and limits, as it was asked. */
export interface StoreFacts {
  listState(list: string): Omit<ListState, 'members'> | undefined
  member(list: string, member: string): ListedMember | undefined
  usage(hold: Pick<Hold, 'key' | 'limit'>): Usage | undefined
}

/** Members and keys that go to the store at a time. */
const AT_ONCE = 1000

/** Asks the store what the fences of many contacts would ask it, in batches, and takes nothing. */
export class FactReader {
  readonly #storage: Pick<Storage, 'getList' | 'usage'>
  /** What lists say of themselves, once. Those that are empty are not asked again. */
  readonly #lists: Map<string, Omit<ListState, 'members'>> = new Map()

  constructor(storage: Pick<Storage, 'getList' | 'usage'>) {
    this.#storage = storage
  }

  /** Facts about these fences; nothing of earlier ones is kept but the lists' own. */
  async read(parts: readonly FenceParts[]): Promise<StoreFacts> {
    const facts = new Facts(this.#lists)
    await Promise.all([this.#readLists(parts, facts), this.readHolds(parts.flatMap(holdsOf), facts)])
    return facts
  }

  /** What is counted under these keys. */
  async readHolds(
    holds: readonly Pick<Hold, 'key' | 'limit'>[],
    facts: Facts = new Facts(this.#lists),
  ): Promise<Facts> {
    const asked = new Map<string, Pick<Hold, 'key' | 'limit'>>()
    for (const { key, limit } of holds)
      asked.set(usageKey({ key, ...(limit !== undefined && { limit }) }), {
        key,
        ...(limit !== undefined && { limit }),
      })
    const all = [...asked]
    for (let at = 0; at < all.length; at += AT_ONCE) {
      const some = all.slice(at, at + AT_ONCE)
      const said = await this.#storage.usage(some.map(([, hold]) => hold))
      for (const [i, [key, { limit }]] of some.entries()) {
        const usage = said[i] as Usage
        facts.usages.set(key, usage)
        if (limit !== undefined) facts.rules.set(limit, usage)
      }
    }
    return facts
  }

  async #readLists(parts: readonly FenceParts[], facts: Facts): Promise<void> {
    const asked = new Map<string, Set<string>>()
    for (const { absent } of parts) {
      for (const { list, member } of absent) {
        const members = asked.get(list)
        if (members) members.add(member)
        else asked.set(list, new Set([member]))
      }
    }
    for (const [list, wanted] of asked) {
      let known = this.#lists.get(list)
      if (!known) {
        const { members: _, ...state } = await this.#storage.getList(list, [])
        known = state
        this.#lists.set(list, known)
      }
      if (known.size === 0) continue
      const members = [...wanted]
      for (let at = 0; at < members.length; at += AT_ONCE) {
        const said = await this.#storage.getList(list, members.slice(at, at + AT_ONCE))
        for (const found of said.members) if (found) facts.members.set(`${list}\n${found.member}`, found)
      }
    }
  }
}

class Facts implements StoreFacts {
  readonly members: Map<string, ListedMember> = new Map()
  readonly usages: Map<string, Usage> = new Map()
  /** By limit: of any of the keys that count under it. */
  readonly rules: Map<string, Usage> = new Map()
  readonly #lists: ReadonlyMap<string, Omit<ListState, 'members'>>

  constructor(lists: ReadonlyMap<string, Omit<ListState, 'members'>>) {
    this.#lists = lists
  }

  listState(list: string): Omit<ListState, 'members'> | undefined {
    return this.#lists.get(list)
  }

  member(list: string, member: string): ListedMember | undefined {
    return this.members.get(`${list}\n${member}`)
  }

  usage(hold: Pick<Hold, 'key' | 'limit'>): Usage | undefined {
    const { limit } = hold
    const known = this.usages.get(usageKey(hold))
    if (known || limit === undefined || limit === hold.key) return known
    // Another day of the same limit: nothing has been counted under it yet.
    const alike = this.rules.get(limit)
    return alike && { ...alike, held: 0, spent: 0, counted: 0, freeAt: 0 }
  }
}

function usageKey({ key, limit }: Pick<Hold, 'key' | 'limit'>): string {
  return limit === undefined || limit === key ? key : `${limit}\n${key}`
}

function holdsOf({ all, anyOf }: FenceParts): readonly Hold[] {
  return anyOf.length === 0 ? all : [...all, ...anyOf.flat()]
}
