import type { Report, Storage } from 'outdial'
import { digits, range } from '../support/format.js'
import { spread } from '../support/measure.js'
import { atMost, type Results } from '../support/result.js'
import type { Settings } from '../support/settings.js'
import { dialAll } from './subjects/dialer.js'
import { createJob, loadCampaigns, loadTasks, openStore, ROUTE } from './subjects/outdial-store.js'
import { contest, type Subject } from './support/contest.js'
import { corpus, type Person } from './support/corpus.js'
import { commandMicros, each, type Measured, rate, serverMicros } from './support/measured.js'
import { serverProfile } from './support/profile.js'
import { startRedis } from './support/redis-server.js'

const BLOCKED = 1000
/** More than there are jobs that can be dialed. */
const TURNS = 50
const SHAPE = { jobs: 20, organizations: 5 }
const DIALING = { concurrency: 100, channels: 1 }

/** Twenty campaigns that can be dialed, alone and beside a thousand that may not have a single call at the moment. */
export async function run({ tasks, rounds, short }: Settings): Promise<Results> {
  const server = await startRedis()
  try {
    const people = corpus(tasks)
    const blocked = short ? 50 : BLOCKED
    const firstTurns: number[] = []
    const subjects = { alone: campaigns(people, 0), beside: campaigns(people, blocked, firstTurns) }
    await contest({ server }, 1, subjects)
    // What is looked for is small beside what a busy machine does to a run.
    const runs = await contest({ server }, short ? rounds : rounds * 3, subjects)
    const cost = (run: Measured | undefined) => serverMicros(run as Measured) / (run as Measured).things
    const ratio = spread(runs.beside.map((run, round) => cost(run) / cost(runs.alone[round])))
    const rows = (['alone', 'beside'] as const).map((name) => ({
      name,
      rate: spread(runs[name].map(rate)),
      redisMicros: each(runs[name], serverMicros),
      commandMicros: each(runs[name], commandMicros),
      scriptP99: spread(runs[name].map(({ server }) => server.script.p99)),
    }))
    return {
      blocked: atMost(1.15, {
        value: ratio.median,
        unit: `× the server's CPU a call, with ${digits(blocked)} blocked jobs against none`,
        details: { tasks, rounds, blocked, ratio, rows, firstTurns },
        notes: [
          `${range(ratio)} ×, the server's whole process ` +
            rows.map(({ name, redisMicros }) => `${digits(redisMicros.median)} µs ${name}`).join(', '),
          `setting them aside when each has its first turn: an exchange of up to ${digits(spread(firstTurns).median)} ms`,
          `beside them, ${serverProfile(runs.beside.at(-1) as Measured)}`,
        ],
      }),
    }
  } finally {
    await server.stop()
  }
}

function campaigns(people: readonly Person[], blocked: number, firstTurns: number[] = []): Subject {
  return async (port) => {
    const { storage, close } = await openStore(port)
    const loaded = await loadCampaigns(storage, people, SHAPE)
    for (let n = 0; n < blocked; n++) {
      await createJob(storage, `blocked${n}`, `org${n % SHAPE.organizations}`, { slots: { slots: 0 } })
      await loadTasks(storage, `blocked${n}`, people.slice(n * 5, n * 5 + 5))
    }
    firstTurns.push(await giveEveryJobATurn(storage))
    return {
      async run() {
        const { calls } = await dialAll(storage, loaded, DIALING)
        return calls
      },
      close,
    }
  }
}

/** Whoever claims first finds out which jobs are blocked, and sets them aside. Milliseconds of the longest exchange. */
async function giveEveryJobATurn(storage: Storage): Promise<number> {
  const claims = [{ route: ROUTE, max: 1, leaseMs: 60_000 }]
  let longest = 0
  let reports: Report[] = []
  for (let seq = 1; seq <= TURNS; seq++) {
    const asks = seq < TURNS ? claims : []
    const begun = performance.now()
    const reply = await storage.exchange({ channel: 'first', seq, reports, fences: [], claims: asks })
    longest = Math.max(longest, performance.now() - begun)
    reports = reply.claims.flatMap(({ tasks }) =>
      tasks.map(({ claim }): Report => ({ kind: 'return', claim, next: { waitUntil: 0 } })),
    )
  }
  return longest
}
