import * as fc from 'fast-check'
import { expect, it } from 'vitest'
import { meets, readFilter } from '../../src/dialects/carrierx/filter.js'
import { TASK_FIELDS } from '../../src/dialects/carrierx/job-view.js'
import { WireError } from '../../src/index.js'

const OPERATORS = ['eq', 'ne', 'gt', 'ge', 'lt', 'le', 'like', 'ilike', 'in'] as const
const word = fc.constantFrom('and', 'or', "'", '"', '\\', 'data.x', '%', 'eq', 'in', ' ', '\n', '.', ...TASK_FIELDS)
const text = fc.oneof(
  fc.string(),
  fc.array(word, { maxLength: 12 }).map((words) => words.join(' ')),
)
const view = fc.dictionary(fc.constantFrom(...TASK_FIELDS), fc.jsonValue())

it('reads any text, or refuses it as the query it is', () => {
  void fc.assert(
    fc.property(text, view, (filter, task) => {
      try {
        for (const condition of readFilter(filter)) expect(typeof meets(task, condition)).toBe('boolean')
      } catch (error) {
        expect(error).toBeInstanceOf(WireError)
        expect(error).toMatchObject({ status: 400, body: { errors: [{ field: 'filter' }] } })
      }
    }),
  )
})

const condition = fc.record({
  path: fc.tuple(fc.constantFrom(...TASK_FIELDS), fc.stringMatching(/^[a-z_]+$/)),
  operator: fc.constantFrom(...OPERATORS),
  value: fc.string({ unit: 'binary' }),
  quote: fc.constantFrom("'", '"'),
})

it('reads every value that is quoted, whatever is in it', () => {
  void fc.assert(
    fc.property(fc.array(condition, { minLength: 1, maxLength: 5 }), (conditions) => {
      const written = conditions.map(({ path, operator, value, quote }) => {
        const escaped = value.replace(/[\\'"]/g, '\\$&')
        return `${path.join('.')} ${operator} ${quote}${escaped}${quote}`
      })
      expect(readFilter(written.join(' and '))).toEqual(
        conditions.map(({ path, operator, value }) => ({ path, operator, value, quoted: true })),
      )
    }),
  )
})
