import { digits, range } from '../support/format.js'
import { atLeast, type Results } from '../support/result.js'
import type { Settings } from '../support/settings.js'
import { engineLives } from './subjects/outdial.js'
import { everyPolicy, POLICIES } from './subjects/policies.js'
import { inCities } from './support/cities.js'
import { contest, type Subject } from './support/contest.js'
import { corpus } from './support/corpus.js'
import { cheaper, each, faster, type Measured, nodeMicros, rate, serverMicros } from './support/measured.js'
import { startRedis } from './support/redis-server.js'

const CONCURRENCY = 100
const GOAL = 0.65
/** Fewer are over before the ledger's sink has been handed most of them, and what that costs is not in the figure. */
const FEWEST = 80_000

/**
 * Whole lives of calls with the whole engine, with every policy on that a campaign can have against none: hours and rules, lists, caps,
 * cool-downs, caller ids, money, the ledger. And with each alone, to see where the time goes.
 */
export async function run({ tasks, rounds, short }: Settings): Promise<Results> {
  const server = await startRedis()
  try {
    const count = short ? tasks : Math.max(tasks, FEWEST)
    const people = inCities(corpus(count))
    const alone = short ? {} : POLICIES
    const subjects: Record<string, Subject> = {
      none: engineLives(people, CONCURRENCY),
      all: engineLives(people, CONCURRENCY, everyPolicy()),
    }
    for (const [name, policy] of Object.entries(alone)) subjects[name] = engineLives(people, CONCURRENCY, policy)
    await contest({ server }, 1, subjects)
    const runs = await contest({ server }, rounds, subjects)
    const none = runs.none as Measured[]
    const rows = Object.entries(runs).map(([name, ofOne]) => ({
      name,
      ratio: faster(ofOne, none),
      cpu: cheaper(ofOne, none),
      redisMicros: each(ofOne, serverMicros),
      nodeMicros: each(ofOne, nodeMicros),
      perSecond: ofOne.map(rate),
    }))
    const all = rows.find(({ name }) => name === 'all') as (typeof rows)[number]
    return {
      policies: atLeast(GOAL, {
        value: all.ratio.median,
        unit: '× the rate of calls without any policy',
        details: { tasks: count, rounds, concurrency: CONCURRENCY, rows },
        notes: rows.map(
          ({ name, ratio, cpu, redisMicros, nodeMicros: node }) =>
            `${name}: ${range(ratio)} × the rate, ${range(cpu)} × by CPU of both processes; ` +
            `${digits(redisMicros.median)} µs of the server and ${digits(node.median)} µs of this process a call`,
        ),
      }),
    }
  } finally {
    await server.stop()
  }
}
