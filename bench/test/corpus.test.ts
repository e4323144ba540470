import { expect, it } from 'vitest'
import { corpus, meanBytes } from '../redis/support/corpus.js'

it('should be the same people every time, each with a number of their own', () => {
  const people = corpus(50_000)
  expect(new Set(people.map(({ phone }) => phone)).size).toBe(50_000)
  expect(people.every(({ phone }) => /^\+1[2-9]\d{9}$/.test(phone))).toBe(true)
  expect(corpus(3)).toEqual(people.slice(0, 3))
  expect(meanBytes(people)).toBeGreaterThan(105)
})
