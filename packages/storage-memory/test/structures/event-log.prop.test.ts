import type { StoredEventData } from '@outdial/core'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { EventLog } from '../../src/event-log.js'

const index = fc.nat(4)
const ref = fc.string()
const at = fc.nat()
const event: fc.Arbitrary<StoredEventData> = fc.oneof(
  fc.record({ type: fc.constant('changed' as const), revision: fc.nat() }),
  fc.record({ type: fc.constant('claimed' as const), indexes: fc.array(index) }),
  fc.record({ type: fc.constant('returned' as const), index, waitUntil: at, reasons: fc.array(fc.string()) }),
  fc.record({
    type: fc.constant('fenced' as const),
    index,
    ref,
    choice: fc.integer({ min: -1, max: 999 }),
    startAt: at,
    memo: ref,
  }),
  fc.record({ type: fc.constant('progress' as const), index, ref, state: fc.string() }),
  fc.record(
    {
      type: fc.constant('closed' as const),
      index,
      ref,
      placed: fc.boolean(),
      outcome: ref,
      result: ref,
      waitUntil: at,
    },
    { requiredKeys: ['type', 'index', 'ref', 'placed', 'outcome', 'result'] },
  ),
  fc.record({ type: fc.constant('note' as const), index, ref, id: fc.string(), data: fc.string() }),
  fc.record({
    type: fc.constant('ended' as const),
    index,
    terminal: fc.constant('failed' as const),
    reason: fc.string(),
  }),
)

/** What is left of an event when its task is redacted. */
function redacted(data: StoredEventData, task: number): StoredEventData {
  if (!('index' in data) || data.index !== task) return data
  if (data.type === 'fenced') return { ...data, memo: '' }
  if (data.type === 'closed') return { ...data, result: '' }
  return data.type === 'note' ? { ...data, data: '' } : data
}

describe('EventLog', () => {
  it('should give back every event as it was given, and what was not redacted of it', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 100 }),
        fc.array(event, { maxLength: 250 }),
        index,
        (keep, events, task) => {
          const log = new EventLog(keep)
          for (const [i, data] of events.entries()) log.add(i, data)
          const kept = events.map((data, i) => ({ seq: i + 1, at: i, data })).slice(log.oldest - 1)
          expect(log.after(log.oldest - 1, 1000)).toEqual(kept)
          log.redact(task)
          expect(log.after(log.oldest - 1, 1000)).toEqual(
            kept.map((one) => ({ ...one, data: redacted(one.data, task) })),
          )
        },
      ),
    )
  })

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
