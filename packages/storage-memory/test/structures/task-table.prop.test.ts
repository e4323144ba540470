import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { TaskTable } from '../../src/task-table.js'

/** Around the edges of a segment, where an index is most easily off by one. */
const lengths = fc.oneof(fc.nat(20), fc.integer({ min: 4090, max: 4102 }), fc.integer({ min: 8190, max: 8194 }))

describe('TaskTable', () => {
  it('should keep what was appended last at every index, also after it was truncated', () => {
    fc.assert(
      fc.property(fc.array(fc.record({ to: lengths, lane: fc.nat(9) }), { maxLength: 6 }), (steps) => {
        const table = new TaskTable()
        const model: { payload: string; lane: number; key: string }[] = []
        let appended = 0
        for (const { to, lane } of steps) {
          if (to < model.length) {
            table.truncate(to)
            model.length = to
          }
          while (model.length < to) {
            const task = { payload: `payload ${appended}`, lane, key: String(appended++) }
            table.append(task.payload, task.lane, task.key)
            model.push(task)
          }
        }

        const kept = model.map((_, index) => ({
          payload: table.payload(index),
          lane: table.lane(index),
          place: table.place(index),
        }))
        expect(kept).toEqual(model.map(({ payload, lane }) => ({ payload, lane, place: 0 })))
        expect(model.map(({ key }) => table.find(key))).toEqual(model.map((_, index) => index))
      }),
      { numRuns: 20 },
    )
  })

  it('should keep apart what is known of each task', () => {
    const table = new TaskTable()
    for (let index = 0; index < 4100; index++) table.append(`p${index}`, index % 3, undefined)
    for (const index of [0, 4095, 4096, 4099]) {
      table.setPlace(index, 9)
      table.setAttempts(index, index)
      table.setTag(index, 2 ** 40 + index)
      table.setWaitUntil(index, 1.8e12 + index)
      table.setMemo(index, `m${index}`)
      table.setReason(index, `r${index % 2}`)
      table.setRef(index, `ref${index}`)
      table.addResult(index, 'first')
      table.addResult(index, 'second')
      table.addResult(index, 'third')
    }

    for (const index of [0, 4095, 4096, 4099]) {
      expect([table.place(index), table.attempts(index), table.tag(index)]).toEqual([9, index, 2 ** 40 + index])
      expect([table.waitUntil(index), table.memo(index)]).toEqual([1.8e12 + index, `m${index}`])
      expect([table.reason(index), table.ref(index)]).toEqual([`r${index % 2}`, `ref${index}`])
      expect(table.results(index)).toEqual(['first', 'second', 'third'])
    }
    for (const index of [1, 4094, 4097]) {
      expect([table.place(index), table.attempts(index), table.memo(index), table.ref(index)]).toEqual([
        0,
        0,
        undefined,
        undefined,
      ])
      expect(table.results(index)).toEqual([])
    }
  })

  it('should know a note once it was told, for each task', () => {
    const table = new TaskTable()

    expect([table.noteOnce(1, 'a'), table.noteOnce(1, 'a'), table.noteOnce(11, 'a'), table.noteOnce(1, '1 a')]).toEqual(
      [true, false, true, true],
    )
  })

  it('should leave nothing of a redacted task but where it is', () => {
    const table = new TaskTable()
    table.append('payload', 0, '1')
    table.setMemo(0, 'memo')
    table.addResult(0, 'result')
    table.redact(0)

    expect([table.payload(0), table.memo(0), table.results(0)]).toEqual(['', undefined, []])
  })
})
