import fc from 'fast-check'
import { expect, it } from 'vitest'
import { addMember, editList, isListed, listState } from '../../src/store/lists.js'
import type { MemberList, Workspace } from '../../src/store/workspace.js'

const NEVER = Number.POSITIVE_INFINITY
const member = fc.constantFrom('a', 'b')
const added = fc.record({
  member,
  until: fc.option(fc.nat(20), { nil: undefined }),
  reason: fc.constantFrom('x', 'y', 'z'),
})

it('should have somebody listed until the latest end that was ever told, with the reason told first with it', () => {
  fc.assert(
    fc.property(fc.array(fc.record({ added, wait: fc.nat(3) }), { maxLength: 20 }), (steps) => {
      const list = new PlainList()
      const told: { end: number; reason: string }[] = []
      let now = 0
      for (const { added, wait } of steps) {
        now += wait
        const { until, ...rest } = added
        addMember(list, { ...rest, ...(until !== undefined && { until }) }, now)
        const end = until ?? NEVER
        if (added.member === 'a' && end > now) told.push({ end, reason: added.reason })
        const latest = Math.max(0, ...told.map((each) => each.end))
        expect(isListed(list, 'a', now)).toBe(latest > now)
        if (latest <= now) continue
        expect([list.end('a'), list.reason('a')]).toEqual([latest, told.find((each) => each.end === latest)?.reason])
      }
    }),
  )
})

it('should change nothing when an edit is repeated', () => {
  const edit = fc.record(
    {
      clear: fc.constant(true),
      add: fc.array(added),
      remove: fc.array(member),
      asOf: fc.nat(),
      maxAgeMs: fc.constantFrom(1, null),
    },
    { requiredKeys: [] },
  )
  fc.assert(
    fc.property(fc.array(edit, { minLength: 1, maxLength: 5 }), (edits) => {
      const list = new PlainList()
      const ws = { now: 5, list: () => list, makeList: () => list } as unknown as Workspace
      for (const given of edits) {
        const { add, ...rest } = given
        const exact = {
          ...rest,
          ...(add && { add: add.map(({ until, ...one }) => ({ ...one, ...(until !== undefined && { until }) })) }),
        }
        const first = editList(ws, 'l', exact)
        const state = listState(ws, 'l', ['a', 'b'])
        expect(editList(ws, 'l', exact)).toEqual(first)
        expect(listState(ws, 'l', ['a', 'b'])).toEqual(state)
        expect(state.maxAgeMs).toBe(given.maxAgeMs === undefined ? state.maxAgeMs : (given.maxAgeMs ?? undefined))
      }
    }),
  )
})

class PlainList implements MemberList {
  asOf: number | undefined
  maxAgeMs: number | undefined
  readonly #members: Map<string, { end: number; reason: string | undefined }> = new Map()
  get size(): number {
    return this.#members.size
  }
  end(name: string): number | undefined {
    return this.#members.get(name)?.end
  }
  reason(name: string): string | undefined {
    return this.#members.get(name)?.reason
  }
  put(name: string, end: number, reason: string | undefined): void {
    this.#members.set(name, { end, reason })
  }
  delete(name: string): void {
    this.#members.delete(name)
  }
  clear(): void {
    this.#members.clear()
  }
}
