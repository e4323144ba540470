import { digits, range } from '../support/format.js'
import { spread } from '../support/measure.js'
import { atLeast, type Results } from '../support/result.js'
import type { Settings } from '../support/settings.js'
import { beeEmptyJobs } from './subjects/bee-queue.js'
import { bullEmptyJobs } from './subjects/bullmq.js'
import { claimsAndReturns } from './subjects/outdial.js'
import { contest, fastest } from './support/contest.js'
import { corpus } from './support/corpus.js'
import {
  cheaper,
  commandMicros,
  each,
  faster,
  type Measured,
  nodeMicros,
  rate,
  serverMicros,
} from './support/measured.js'
import { serverProfile } from './support/profile.js'
import { startRedis } from './support/redis-server.js'

const CONCURRENCY = 100
const CHANNELS = [1, 2, 4]

/** What an empty job is elsewhere: a task is taken, and said to be done. Nobody is called. */
export async function run({ tasks, rounds }: Settings): Promise<Results> {
  const server = await startRedis()
  try {
    const people = corpus(tasks)
    const others = { bull: bullEmptyJobs(people, CONCURRENCY), bee: beeEmptyJobs(people, CONCURRENCY) }
    const ours = (channels: number) => claimsAndReturns(people, CONCURRENCY, channels)
    const channels = await fastest({ server }, CHANNELS, ours)
    await contest({ server }, 1, others)
    const runs = await contest({ server }, rounds, { ours: ours(channels), ...others })
    const ratio = faster(runs.ours, runs.bull)
    const names = { ours: 'Outdial', bull: 'BullMQ', bee: 'bee-queue' }
    const rows = (Object.keys(names) as (keyof typeof names)[]).map((name) => ({
      name: names[name],
      rate: spread(runs[name].map(rate)),
      nodeMicros: each(runs[name], nodeMicros),
      redisMicros: each(runs[name], serverMicros),
      commandMicros: each(runs[name], commandMicros),
      commandstats: runs[name].at(-1)?.server.commands,
    }))
    return {
      claimAck: atLeast(5, {
        value: ratio.median,
        unit: "× the rate of BullMQ's empty job, by wall time",
        details: { tasks, rounds, concurrency: CONCURRENCY, channels, ratio, rows },
        notes: [
          `${range(ratio)} × BullMQ and ${range(faster(runs.ours, runs.bee))} × bee-queue by wall time; by CPU of both ` +
            `processes ${range(cheaper(runs.ours, runs.bull))} × and ${range(cheaper(runs.ours, runs.bee))} ×`,
          ...rows.map(
            ({ name, rate, nodeMicros, redisMicros }) =>
              `${name}: ${range(rate)}/s, ${digits(redisMicros.median)} µs of CPU of Redis and ` +
              `${digits(nodeMicros.median)} µs here`,
          ),
          `what bounds it: ${serverProfile(runs.ours.at(-1) as Measured)}`,
        ],
      }),
    }
  } finally {
    await server.stop()
  }
}
