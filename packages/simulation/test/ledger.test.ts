import { test as property } from '@fast-check/vitest'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { calledTwice, type LedgerEntry, maxLive, maxStarts, placements, readLedger } from '../src/index.js'
import { attemptAt, bench } from './support/calls.js'

const entry = (at: number, kind: LedgerEntry['kind'], ref: string, more: Partial<LedgerEntry> = {}): LedgerEntry => ({
  at,
  kind,
  ref,
  to: '+12125550101',
  from: '+12125550100',
  ...more,
})

describe('the ledger of a carrier', () => {
  test('has everything that was asked and done, in order', async () => {
    const { carrier, clock } = bench()
    const start = clock.now()
    const { ref, to, from, organization } = attemptAt(1)
    const placed = await carrier.place(attemptAt(1))
    await clock.runUntilIdle()
    const call = { ref, to, from, organization, callId: placed.status === 'accepted' && placed.callId }
    expect([...carrier.ledger]).toEqual([
      { at: start, kind: 'placed', ...call },
      { at: start + 3_000, kind: 'answered', ...call },
      { at: start + 13_000, kind: 'ended', ...call, detail: 'answered' },
    ])
    expect(carrier.ledger.size).toBe(3)
  })

  test('knows the truth when the engine does not: calls whose end was lost are not live', async () => {
    const { carrier, clock } = bench({ faults: { eventsLost: 1, timeoutPlaced: 1 } })
    await carrier.place(attemptAt(1))
    await clock.runUntilIdle()
    await carrier.place(attemptAt(1, { attempt: 2 }))
    expect(carrier.ledger.maxLive()).toEqual(new Map([['all', 1]]))
    expect(carrier.ledger.placements('task')).toEqual(new Map([['job_test:1', 2]]))
    expect(carrier.ledger.calledTwice()).toHaveLength(1)
    expect(carrier.ledger.calledTwice({ by: 'attempt' })).toEqual([])
  })

  test('can be left out, and heard as it is written', async () => {
    const heard: LedgerEntry[] = []
    const { carrier, clock } = bench({ ledger: false, onLedger: (line) => void heard.push(line) })
    await carrier.place(attemptAt(1))
    await clock.runUntilIdle()
    expect([carrier.ledger.size, [...carrier.ledger]]).toEqual([0, []])
    expect(heard.map(({ kind }) => kind)).toEqual(['placed', 'answered', 'ended'])
  })
})

describe('judging a ledger', () => {
  const entries = [
    entry(0, 'placed', 'job_a:0:1:x', { organization: 'acme' }),
    entry(0, 'refused', 'job_a:1:1:x', { organization: 'acme', detail: 'throttled' }),
    entry(5, 'placed', 'job_b:0:1:x', { organization: 'globex', to: '+12125550102' }),
    entry(9, 'ended', 'job_a:0:1:x', { organization: 'acme' }),
    entry(9, 'placed', 'job_a:0:2:y', { organization: 'acme' }),
    entry(10, 'placed', 'job_a:0:2:z', { organization: 'acme' }),
  ]

  test('placements count real calls, by any fact', () => {
    expect(placements(entries)).toEqual(
      new Map([
        ['+12125550101', 3],
        ['+12125550102', 1],
      ]),
    )
    expect(placements(entries, 'job')).toEqual(
      new Map([
        ['job_a', 3],
        ['job_b', 1],
      ]),
    )
    expect(placements(entries, ({ organization }) => (organization === 'acme' ? 'ours' : undefined))).toEqual(
      new Map([['ours', 3]]),
    )
  })

  test('calledTwice says who and when', () => {
    expect(calledTwice(entries)).toEqual([{ key: '+12125550101', at: [0, 9, 10] }])
    expect(calledTwice(entries, { by: 'attempt' })).toEqual([{ key: 'job_a:0:2', at: [9, 10] }])
    expect(calledTwice(entries, { by: 'ref' })).toEqual([])
  })

  test('maxLive takes ends before starts of the same instant where they were so', () => {
    expect(maxLive(entries)).toEqual(new Map([['all', 3]]))
    expect(maxLive(entries, { by: 'task' })).toEqual(
      new Map([
        ['job_a:0', 2],
        ['job_b:0', 1],
      ]),
    )
  })

  property.prop([fc.array(fc.nat(50)), fc.integer({ min: 1, max: 60 })])(
    'maxStarts is the fullest window',
    (pauses, windowMs) => {
      let now = 0
      const at = pauses.map((pause) => {
        now += pause
        return now
      })
      const most = Math.max(0, ...at.map((from) => at.filter((time) => time >= from && time < from + windowMs).length))
      const found = maxStarts(
        at.map((time) => entry(time, 'placed', 'job:0:1:x')),
        { windowMs },
      )
      expect(found.get('all') ?? 0).toBe(most)
    },
  )

  test('a file is read back; a last line that was cut off is not there yet, any other broken one is an error', () => {
    const text = entries.map((line) => `${JSON.stringify(line)}\n`).join('')
    expect(readLedger(text)).toEqual(entries)
    expect(readLedger(`${text}{"at":1`)).toEqual(entries)
    expect(readLedger('')).toEqual([])
    expect(() => readLedger('{"at":1\n{}\n')).toThrow(SyntaxError)
  })
})
