import { digits, range } from '../support/format.js'
import { spread } from '../support/measure.js'
import { atLeast, type Results } from '../support/result.js'
import type { Settings } from '../support/settings.js'
import { beeQueue } from './subjects/bee-queue.js'
import { bullQueue } from './subjects/bullmq.js'
import { campaign, openEngine } from './subjects/engine.js'
import { loadCampaigns, openStore } from './subjects/outdial-store.js'
import { contest, type Subject } from './support/contest.js'
import { corpus, meanBytes, type Person } from './support/corpus.js'
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

const NAMES = { ours: 'Outdial', engine: 'Outdial, whole engine', bull: 'BullMQ addBulk', bee: 'bee-queue saveAll' }

/** Contacts that have been read and checked, into one campaign without duplicates; against jobs added in bulk. */
export async function run({ tasks, rounds }: Settings): Promise<Results> {
  const server = await startRedis()
  try {
    const people = corpus(tasks)
    const subjects = { ours: ours(people), engine: engine(people), bull: bull(people), bee: bee(people) }
    await contest({ server }, 1, subjects)
    const runs = await contest({ server }, rounds, subjects)
    const ratio = faster(runs.ours, runs.bull)
    const rows = (Object.keys(NAMES) as (keyof typeof NAMES)[]).map((name) => ({
      name: NAMES[name],
      rate: spread(runs[name].map(rate)),
      nodeMicros: each(runs[name], nodeMicros),
      redisMicros: each(runs[name], serverMicros),
      commandMicros: each(runs[name], commandMicros),
      scriptP99: spread(runs[name].map(({ server }) => server.script.p99)),
      commandstats: runs[name].at(-1)?.server.commands,
    }))
    return {
      load: atLeast(15, {
        value: ratio.median,
        unit: "× the rate of BullMQ's addBulk, by wall time",
        details: { tasks, rounds, contactBytes: meanBytes(people), ratio, rows },
        notes: [
          `${range(ratio)} × BullMQ and ${range(faster(runs.ours, runs.bee))} × bee-queue by wall time; by CPU of both ` +
            `processes ${range(cheaper(runs.ours, runs.bull))} × and ${range(cheaper(runs.ours, runs.bee))} ×`,
          ...rows.map(
            ({ name, rate, nodeMicros, redisMicros }) =>
              `${name}: ${range(rate)}/s, ${digits(redisMicros.median)} µs of CPU of Redis and ` +
              `${digits(nodeMicros.median)} µs here`,
          ),
          `what bounds it: ${serverProfile(runs.ours.at(-1) as Measured)}`,
          'The whole engine reads and checks each row and reports on it, which the others leave to their callers.',
        ],
      }),
    }
  } finally {
    await server.stop()
  }
}

function ours(people: readonly Person[]): Subject {
  return async (port) => {
    const { storage, close } = await openStore(port)
    return {
      async run() {
        const { tasks } = await loadCampaigns(storage, people, { jobs: 1, organizations: 1 })
        return tasks
      },
      close,
    }
  }
}

function engine(people: readonly Person[]): Subject {
  return async (port) => {
    const { engine, close } = await openEngine(port)
    return { run: () => campaign(engine, people).then(() => people.length), close }
  }
}

function bull(people: readonly Person[]): Subject {
  return async (port) => {
    const { queue, load, close } = bullQueue(port)
    await queue.waitUntilReady()
    return { run: () => load(people).then(() => people.length), close }
  }
}

function bee(people: readonly Person[]): Subject {
  return async (port) => {
    const { load, close } = await beeQueue(port)
    return { run: () => load(people).then(() => people.length), close }
  }
}
