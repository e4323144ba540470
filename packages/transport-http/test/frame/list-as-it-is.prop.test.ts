import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import * as z from 'zod'
import { createCallJob } from '../../src/dialects/native/schema/call-jobs.js'
import { createBatchCall } from '../../src/dialects/zudu/schema.js'
import { isJsonObject, listAsItIs } from '../../src/frame/list-as-it-is.js'
import { nearly } from '../support/arbitrary-json.js'

const item = z.looseObject({ phone: z.string() })
const plain = z.strictObject({ list: z.array(item).min(1).max(3) })
const quick = z.strictObject({
  list: listAsItIs(
    plain.shape.list,
    (list) =>
      list.length >= 1 && list.length <= 3 && list.every((one) => isJsonObject(one) && typeof one.phone === 'string'),
  ),
})

const issuesOf = (schema: z.ZodType, value: unknown) => schema.safeParse(value).error?.issues

describe('a list that is taken as it is', () => {
  it('is refused when its schema refuses it, in the same words and at the same place', () =>
    fc.assert(
      fc.property(nearly(plain), (value) => {
        expect(issuesOf(quick, value)).toEqual(issuesOf(plain, value))
      }),
      { numRuns: 500 },
    ))

  it.each([{}, { list: null }, { list: [] }, { list: [{}] }, { list: [{ phone: 'x' }, 7] }])(
    'is refused as %j',
    (value) => {
      expect(issuesOf(quick, value)).not.toBeUndefined()
      expect(issuesOf(quick, value)).toEqual(issuesOf(plain, value))
    },
  )

  it('is the list that came, with all that is in it', () => {
    const list = [JSON.parse('{"phone":"+12025550100","__proto__":{"a":1}}')]
    expect(quick.parse({ list }).list).toBe(list)
  })

  it('is described as its schema is', () => {
    const described = (schema: z.ZodType) => z.toJSONSchema(schema, { io: 'input', unrepresentable: 'any' })
    expect(described(quick)).toEqual(described(plain))
  })

  it.each([
    [
      'native',
      createCallJob,
      { name: 'x', from: '+12025550100', contacts: [{ name: 'no phone' }] },
      'contacts.0.phone',
    ],
    ['zudu', createBatchCall, { from_number: '+12025550100', tasks: [{ to_number: '+1' }] }, 'tasks.0.to_number'],
    ['zudu', createBatchCall, { from_number: '+12025550100', tasks: [] }, 'tasks'],
    [
      'zudu',
      createBatchCall,
      {
        from_number: '+12025550100',
        tasks: [{ to_number: '+12025550101', dynamic_variables: { a: 'x'.repeat(5200) } }],
      },
      'tasks.0.dynamic_variables',
    ],
    [
      'zudu',
      createBatchCall,
      { from_number: '+12025550100', tasks: [{ to_number: '+12025550101', max_retries: 1.5 }] },
      'tasks.0.max_retries',
    ],
    [
      'zudu',
      createBatchCall,
      { from_number: '+12025550100', tasks: [{ to_number: '+12025550101', odd: 1 }] },
      'tasks.0',
    ],
  ] as const)('names the place in %s', (_, schema, body, place) => {
    expect(issuesOf(schema, body)?.[0]?.path.join('.')).toBe(place)
  })

  it('takes variables that are nearly too many for what they are', () => {
    const body = (text: string) => ({
      from_number: '+12025550100',
      tasks: [{ to_number: '+12025550101', dynamic_variables: { a: text } }],
    })
    // `{"a":""}` are 8 bytes of the 5,120.
    expect(issuesOf(createBatchCall, body('x'.repeat(5112)))).toBeUndefined()
    expect(issuesOf(createBatchCall, body('x'.repeat(5113)))).toHaveLength(1)
    expect(issuesOf(createBatchCall, body('\u0001'.repeat(852)))).toBeUndefined()
    expect(issuesOf(createBatchCall, body('\u0001'.repeat(853)))).toHaveLength(1)
  })
})
