import { describe, expect, it } from 'vitest'
import { readContacts } from '../src/index.js'
import { codes, readAll } from './support.js'

const phoneOf = (i: number) => `+1202555${String(1000 + i)}`

describe('rows that are objects', () => {
  it('may be one object, handed out again and again', async () => {
    function* rows() {
      const row: Record<string, unknown> = {}
      for (let i = 0; i < 2500; i++) {
        row.phone = phoneOf(i)
        row.name = `Person ${i}`
        yield row
      }
    }
    let i = 0
    for await (const row of readContacts(rows())) {
      expect(row).toEqual({
        status: 'accepted',
        row: i + 1,
        contact: { phone: phoneOf(i), variables: { name: `Person ${i}` } },
      })
      i++
    }
    expect(i).toBe(2500)
  })

  it('may have other columns than the row before, in another order, and handed down', async () => {
    const inherits = Object.assign(Object.create({ name: 'not its own' }) as Record<string, unknown>, {
      phone: '+12025550102',
    })
    const { rows } = await readAll({
      *[Symbol.iterator]() {
        yield { phone: '+12025550100', name: 'Ann' }
        yield { name: 'Bo', phone: '+12025550101' }
        yield inherits
        yield { phone: '+12025550103', name: 'Cy', 'na\0me': 1 }
        yield { phone: '+12025550104', name: 'Di', 'na\0me': 1 }
        yield { phone: '+12025550105', constructor: 'Ed' }
      },
    } as never)
    expect(rows.map(codes)).toEqual([[], [], [], ['nul_byte'], ['nul_byte'], []])
    const variables = rows.map((row): unknown => (row.status === 'accepted' ? { ...row.contact.variables } : undefined))
    const expected: unknown[] = [{ name: 'Ann' }, { name: 'Bo' }, {}, undefined, undefined, { constructor: 'Ed' }]
    expect(variables).toEqual(expected)
  })

  it('have no variables but their own', async () => {
    const { rows } = await readAll([{ phone: '+12025550100' }] as never)
    const [row] = rows
    if (row?.status !== 'accepted') throw new Error('not accepted')
    expect('toString' in row.contact.variables).toBe(false)
    expect('__proto__' in row.contact.variables).toBe(false)
  })

  it('may be promises', async () => {
    const { rows } = await readAll([Promise.resolve({ phone: '+12025550100' })] as never)
    expect(rows).toMatchObject([{ status: 'accepted', row: 1 }])
  })

  it('are given out up to the one that is too many', async () => {
    const rows = Array.from({ length: 1500 }, (_, i) => ({ phone: phoneOf(i) }))
    for (const given of [rows, rows.values(), asynchronous(rows)]) {
      const reading = readContacts(given as never, { limits: { rows: 1200 } })
      const read = async () => {
        for await (const _ of reading);
      }
      await expect(read()).rejects.toMatchObject({ code: 'too_many_rows' })
      expect(reading.counts.accepted).toBe(1200)
    }
  })
})

async function* asynchronous<T>(rows: readonly T[]): AsyncGenerator<T> {
  yield* rows
}
