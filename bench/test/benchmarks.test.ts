import { expect, it } from 'vitest'
import { chosen, names, resultsOf } from '../benchmarks.js'
import { runBuilt } from '../support/run-built.js'
import { SHORT } from '../support/settings.js'

const onServers = chosen(['redis', 'kill']).asked

// Figures of so short runs mean nothing. What counts: everybody gets through, and the results are there by their names.
it.each(onServers)('should measure %s', { timeout: 120_000 }, async (benchmark) => {
  const results = await runBuilt(benchmark, { profile: false, settings: SHORT })
  expect(Object.keys(results)).toEqual(resultsOf(benchmark))
  for (const { value, goal, met, better, notes, parts = {} } of Object.values(results)) {
    for (const judged of [{ value, goal, met, better }, ...Object.values(parts)]) {
      expect(judged.value).toBeGreaterThanOrEqual(benchmark === 'redis/bytes' ? Number.NEGATIVE_INFINITY : 0)
      expect(judged.met).toBe(judged.better === 'more' ? judged.value >= judged.goal : judged.value <= judged.goal)
    }
    expect(notes).not.toHaveLength(0)
  }
})

it('should have a result of each name that was promised', () => {
  const promised = [
    ...['claimAck', 'callLife', 'callLifeGuarded', 'load', 'redisCpu', 'nodeCpu', 'roundTrips', 'scriptP99'],
    ...['bytesWaiting', 'bytesFinished', 'blocked', 'control', 'burst', 'fairness', 'latency'],
  ]
  expect(onServers.flatMap(resultsOf)).toEqual(expect.arrayContaining(promised))
})

it('should find a benchmark by its name, by a result of it, and all of a kind', () => {
  expect(chosen(['control']).asked).toEqual(['redis/control'])
  expect(chosen(['redis/load', 'contacts']).asked).toEqual(['contacts', 'redis/load'])
  expect(chosen(['redis']).asked).toContain('redis/latency')
  expect(chosen([]).asked).toContain('call-life')
  expect(chosen(['nothing']).unknown).toEqual(['nothing'])
  expect(names()).toContain('callLifeGuarded')
})
