import { describe, expect, it } from 'vitest'
import * as z from 'zod'
import { formatInstant } from '../../src/policy/instant.js'
import { oneOf, parseOptions, schemaOf } from '../../src/policy/options.js'

describe('options', () => {
  const makeEven = () =>
    schemaOf<number, number>((input) =>
      typeof input === 'number' && input % 2 === 0 ? { value: input } : { problem: 'is odd' },
    )

  it('are named from the top when nothing is above them', () => {
    const schema = z.object({ list: z.array(makeEven()) })
    expect(() => parseOptions(schema, { list: [2, 3] }, '')).toThrow(
      expect.objectContaining({ code: 'invalid_options', message: 'list[1]: is odd' }),
    )
    expect(() => parseOptions(schema, { list: [2, 3] }, 'job')).toThrow(
      expect.objectContaining({ message: 'job.list[1]: is odd' }),
    )
  })

  it('are refused with the code of the first problem', () => {
    const even = makeEven()
    const time = schemaOf<number, number>(() => ({ problem: 'is no time' }), 'invalid_schedule')
    const code = (schema: z.ZodType) => {
      try {
        parseOptions(schema, { a: 1, b: 1 }, 'x')
      } catch (error) {
        return (error as { code: string }).code
      }
      return undefined
    }
    expect(code(z.object({ a: even, b: time }))).toBe('invalid_options')
    expect(code(z.object({ a: time, b: even }))).toBe('invalid_schedule')
    expect(code(oneOf(() => 'is neither'))).toBe('invalid_options')
    expect(code(oneOf(() => 'is neither', 'invalid_schedule'))).toBe('invalid_schedule')
    expect(code(z.object({ a: z.string() }))).toBe('invalid_options')
    for (const schema of [even, oneOf(() => 'is neither')]) {
      expect(schema.safeParse(1).error?.issues).toMatchObject([{ code: 'custom' }])
    }
  })
})

describe('an instant', () => {
  it('is written in UTC', () => {
    expect(formatInstant(1_772_463_600_250)).toBe('2026-03-02T15:00:00.250Z')
  })
})
