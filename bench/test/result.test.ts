import { expect, it } from 'vitest'
import { allOf, atLeast, atMost } from '../support/result.js'

const told = { unit: 'times', details: {}, notes: [] }

it('should judge by the goal, in either direction', () => {
  expect(atLeast(2, { value: 2, ...told }).met).toBe(true)
  expect(atLeast(2, { value: 1.9, ...told }).met).toBe(false)
  expect(atMost(2, { value: 2.1, ...told }).met).toBe(false)
})

it('should stand for the part that is farthest from its goal, and be met when all are', () => {
  const result = allOf('more', { '10': { value: 1.3, goal: 1.2 }, '100': { value: 3.1, goal: 3 } }, told)
  expect(result).toMatchObject({ value: 3.1, goal: 3, met: true })
  const missed = allOf('less', { p50: { value: 2, goal: 3 }, p99: { value: 20, goal: 10 } }, told)
  expect(missed).toMatchObject({ value: 20, goal: 10, met: false })
  expect(missed.parts?.p50?.met).toBe(true)
  expect(allOf('less', { a: { value: -5, goal: 100 }, b: { value: 900, goal: 100 } }, told)).toMatchObject({
    value: 900,
    met: false,
  })
})
