import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { EventLog } from '../../src/event-log.js'

describe('EventLog', () => {
  it('should keep at least so many, and give those after any it still knows', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 300 }),
        fc.nat(700),
        fc.nat(800),
        fc.integer({ min: 1, max: 20 }),
        (keep, count, after, max) => {
          const log = new EventLog(keep)
          for (let seq = 1; seq <= count; seq++) log.add(seq * 10, { type: 'changed', revision: seq })

          expect(log.oldest).toBeLessThanOrEqual(Math.max(1, count - keep + 1))
          if (after + 1 < log.oldest) return
          const expected = Array.from({ length: Math.max(0, Math.min(max, count - after)) }, (_, i) => after + 1 + i)
          expect(log.after(after, max).map(({ seq }) => seq)).toEqual(expected)
          expect(
            log
              .after(after, max)
              .every(({ seq, at, data }) => at === seq * 10 && 'revision' in data && data.revision === seq),
          ).toBe(true)
        },
      ),
    )
  })

  it('should leave nothing of a redacted task but what happened', () => {
    const log = new EventLog(10)
    log.add(0, { type: 'closed', index: 0, ref: 'r', placed: true, outcome: 'answered', result: 'secret' })
    log.add(0, { type: 'note', index: 0, ref: 'r', id: 'n', data: 'secret' })
    log.add(0, { type: 'fenced', index: 0, ref: 'r', choice: 0, startAt: 0, memo: 'secret' })
    log.add(0, { type: 'note', index: 1, ref: 's', id: 'n', data: 'kept' })
    log.redact(0)

    expect(JSON.stringify(log.after(0, 10))).not.toContain('secret')
    expect(log.after(3, 1)[0]?.data).toMatchObject({ data: 'kept' })
    expect(log.after(0, 10).map(({ data }) => data.type)).toEqual(['closed', 'note', 'fenced', 'note'])
  })
})
