import type { LedgerEntry, LedgerKind } from 'outdial'
import { expect, it } from 'vitest'
import { judge } from '../kill/verdict.js'
import { corpus } from '../redis/support/corpus.js'

const people = corpus(4)
const [ann, bob, cy, dee] = people.map(({ phone }) => phone) as [string, string, string, string]
const entry = (kind: LedgerKind, to: string, detail?: string): LedgerEntry => {
  return { at: 0, kind, ref: `${to}:${kind}`, to, from: '+12025550100', ...(detail !== undefined && { detail }) }
}

it('should count who is called twice, who never, and whose outcome is lost', () => {
  const ledger = [
    ...[entry('placed', ann), entry('ended', ann, 'busy')],
    ...[entry('placed', bob), entry('ended', bob, 'answered'), entry('placed', bob), entry('ended', bob, 'busy')],
    ...[entry('placed', cy), entry('ended', cy, 'answered')],
    ...[entry('refused', dee)],
  ]
  const outcomes = new Map([
    [ann, 'busy' as const],
    [bob, 'busy' as const],
    [cy, 'no_answer' as const],
  ])
  expect(judge(people, ledger, outcomes)).toEqual({ twice: 1, most: 2, neverCalled: 1, outcomeLost: 1 })
})

it('should find nothing wrong with one call and its outcome for each', () => {
  const ledger = people.flatMap(({ phone }) => [entry('placed', phone), entry('ended', phone, 'answered')])
  const outcomes = new Map(people.map(({ phone }) => [phone, 'answered' as const]))
  expect(judge(people, ledger, outcomes)).toEqual({ twice: 0, most: 1, neverCalled: 0, outcomeLost: 0 })
})
