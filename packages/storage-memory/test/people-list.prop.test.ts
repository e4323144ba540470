import fc from 'fast-check'
import { expect, it } from 'vitest'
import { PeopleList } from '../src/people-list.js'

const LAST = Number.POSITIVE_INFINITY

/** Names that are told apart only by a sign, a zero or a length, and so many that tables grow. */
const member = fc.oneof(
  { weight: 6, arbitrary: fc.nat(400).map((n) => `+1202555${String(n).padStart(4, '0')}`) },
  { weight: 2, arbitrary: fc.nat(400).map((n) => `1202555${String(n).padStart(4, '0')}`) },
  { weight: 2, arbitrary: fc.nat(200).map((n) => `person:${n}`) },
  {
    weight: 1,
    arbitrary: fc.constantFrom('', '+', '0', '+0', '00', '+07', '7', '+7', '-7', '1e3', '999999999999999'),
  },
  { weight: 1, arbitrary: fc.constantFrom('9999999999999999', '+9999999999999999', '7 ', '+７') },
)

const command = fc.oneof(
  {
    weight: 40,
    arbitrary: fc.record({
      do: fc.constant('put' as const),
      member,
      end: fc.constantFrom(LAST, LAST, 5, 50, 500),
      reason: fc.constantFrom(undefined, undefined, 'asked', 'answered'),
    }),
  },
  { weight: 8, arbitrary: fc.record({ do: fc.constant('delete' as const), member }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('wait' as const), ms: fc.constantFrom(1, 10, 100) }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('scan' as const), max: fc.integer({ min: 1, max: 40 }) }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('clear' as const) }) },
)

it('should list who was put on it until the end, and forget no others', () => {
  fc.assert(
    fc.property(fc.array(command, { maxLength: 600, size: 'max' }), (commands) => {
      const time = { now: 0 }
      const list = new PeopleList(time)
      const told = new Map<string, { end: number; reason: string | undefined }>()
      for (const command of commands) {
        if (command.do === 'put') {
          const end = time.now + command.end
          list.put(command.member, end, command.reason)
          told.set(command.member, { end, reason: command.reason })
        }
        if (command.do === 'delete') {
          list.delete(command.member)
          told.delete(command.member)
        }
        if (command.do === 'wait') time.now += command.ms
        if (command.do === 'clear') {
          list.clear()
          told.clear()
        }
        const listed = [...told].filter(([, { end }]) => end > time.now)
        expect(list.size).toBeGreaterThanOrEqual(listed.length)
        expect(list.size).toBeLessThanOrEqual(told.size)
        if (command.do === 'scan') expect(scanned(list, command.max)).toEqual(shown(listed))
      }
      const listed = [...told].filter(([, { end }]) => end > time.now)
      for (const [member, { end, reason }] of listed) {
        expect([list.end(member), list.reason(member)]).toEqual([end, reason])
      }
      for (const [member, { end }] of told) if (end <= time.now) expect([undefined, end]).toContain(list.end(member))
      expect(list.end('+19175550199')).toBeUndefined()
      expect(scanned(list, 7)).toEqual(shown(listed))
    }),
    { numRuns: 60 },
  )
})

it('should miss nobody in a scan while others come and go', () => {
  fc.assert(
    fc.property(
      fc.uniqueArray(member, { minLength: 1, maxLength: 300, size: 'max' }),
      fc.array(fc.record({ member, leave: fc.boolean() }), { maxLength: 600, size: 'max' }),
      fc.integer({ min: 1, max: 30 }),
      (staying, changes, max) => {
        const list = new PeopleList({ now: 0 })
        for (const one of staying) list.put(one, LAST, undefined)
        const seen = new Set<string>()
        let cursor: string | undefined
        do {
          const page = list.scan(cursor, max)
          expect(page.items.length).toBeLessThanOrEqual(max)
          for (const { member: each } of page.items) seen.add(each)
          for (const change of changes.splice(0, 40)) {
            if (staying.includes(change.member)) continue
            if (change.leave) list.delete(change.member)
            else list.put(change.member, LAST, undefined)
          }
          cursor = page.cursor
        } while (cursor !== undefined)
        for (const one of staying) expect(seen.has(one), one).toBe(true)
      },
    ),
    { numRuns: 60 },
  )
})

it('should not grow for ever with people who are on it for a while', () => {
  const time = { now: 0 }
  const list = new PeopleList(time)
  for (let i = 0; i < 100_000; i++) {
    time.now++
    list.put(`+1202${String(i).padStart(7, '0')}`, time.now + 100, 'cool-down')
    list.put(`person:${i}`, time.now + 100, 'cool-down')
  }
  expect(list.size).toBeLessThan(1000)
})

function scanned(list: PeopleList, max: number): unknown[] {
  const items = []
  let cursor: string | undefined
  do {
    const page = list.scan(cursor, max)
    expect(page.items.length).toBeLessThanOrEqual(max)
    items.push(...page.items)
    cursor = page.cursor
  } while (cursor !== undefined)
  return items.sort((a, b) => (a.member < b.member ? -1 : 1))
}

function shown(listed: [string, { end: number; reason: string | undefined }][]): unknown[] {
  return listed
    .map(([member, { end, reason }]) => ({
      member,
      ...(end < LAST && { until: end }),
      ...(reason !== undefined && { reason }),
    }))
    .sort((a, b) => (a.member < b.member ? -1 : 1))
}
