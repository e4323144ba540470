import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { deepQuery } from '../../src/dialects/telnyx/query.js'

const read = (text: string) => deepQuery(new URLSearchParams(text))
/** The same with ordinary objects, to be compared. */
const plain = (value: unknown): unknown => JSON.parse(JSON.stringify(value))

describe('a query in deepObject style', () => {
  it.each<[string, unknown]>([
    ['sort=created_at', { sort: 'created_at' }],
    ['page[number]=2&page[size]=3', { page: { number: '2', size: '3' } }],
    ['filter[voice.connection_name][contains]=abc', { filter: { 'voice.connection_name': { contains: 'abc' } } }],
    ['filter[status][]=a', { filter: { status: ['a'] } }],
    ['filter[status][]=a&filter[status][]=b', { filter: { status: ['a', 'b'] } }],
    ['filter[status]=a&filter[status]=b', { filter: { status: ['a', 'b'] } }],
    ['filter=x&filter[tag]=y', { filter: ['x', { tag: 'y' }] }],
    ['filter[tag]=y&filter=x', { filter: [{ tag: 'y' }, 'x'] }],
    ['filter[tag=y', { 'filter[tag': 'y' }],
    ['[tag]=y', { '[tag]': 'y' }],
    ['a[][b]=y', { 'a[][b]': 'y' }],
    ['a[b][c][d][e]=y', { 'a[b][c][d][e]': 'y' }],
  ])('%s', (text, query) => {
    expect(plain(read(text))).toEqual(query)
  })

  it('has no prototype to be reached, at any depth', () => {
    const query = read('__proto__[polluted]=1&a[__proto__][polluted]=1&constructor[prototype][polluted]=1')
    expect(({} as { polluted?: unknown }).polluted).toBeUndefined()
    expect(Object.getPrototypeOf(query)).toBeNull()
    expect(Object.keys(query)).toEqual(['__proto__', 'a', 'constructor'])
    expect(Object.getPrototypeOf(query.a)).toBeNull()
  })

  it('loses no value, whatever the names', () => {
    const step = fc.oneof(
      fc.constantFrom('a', 'b', '[]', '[a]', '[b]', '[', ']', '[__proto__]'),
      fc.string({ maxLength: 3 }),
    )
    const name = fc.array(step, { minLength: 1, maxLength: 5 }).map((steps) => steps.join(''))
    void fc.assert(
      fc.property(fc.array(name, { maxLength: 8 }), (names) => {
        const search = new URLSearchParams(names.map((one, i): [string, string] => [one, `value-${i}`]))
        const values: string[] = []
        const collect = (value: unknown): void => {
          if (typeof value === 'string') values.push(value)
          else for (const inner of Object.values(value as object)) collect(inner)
        }
        collect(deepQuery(search))
        expect(values.sort()).toEqual(names.map((_, i) => `value-${i}`).sort())
      }),
    )
  })
})
