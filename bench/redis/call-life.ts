import type { Results } from '../support/result.js'
import type { Settings } from '../support/settings.js'
import { type Compared, results } from './call-life-results.js'
import { beeEmptyJobs } from './subjects/bee-queue.js'
import { bullEmptyJobs } from './subjects/bullmq.js'
import { ALL_GUARDS, callLives, engineLives } from './subjects/outdial.js'
import { contest, fastest, type Ground, on, type Subject } from './support/contest.js'
import { corpus, meanBytes, type Person } from './support/corpus.js'
import { nodeProfile } from './support/profile.js'
import { startRedis } from './support/redis-server.js'
import { slowLink } from './support/slow-link.js'

const CONCURRENCIES = [10, 100, 1000]
/** Conversations with the store, of which those are taken that are fastest. */
const CHANNELS = [1, 2, 4]
/** Where other circumstances are tried: durability and distance. */
const TRIED_AT = 100
const DELAY = 1

/**
 * Whole lives of calls on Redis against the empty jobs of BullMQ and bee-queue, on the same server in turn; and what a life
 * costs there and here.
 */
export async function run({ tasks, rounds, short }: Settings): Promise<Results> {
  const server = await startRedis()
  const link = await slowLink(server.port, DELAY)
  try {
    const people = corpus(tasks)
    const channels = short ? [1] : CHANNELS
    const compared: Compared[] = []
    for (const at of CONCURRENCIES) compared.push(await compare({ server }, people, at, { rounds, channels }))
    const both: Ground = { server, port: link.port, persistence: 'everysec' }
    const grounds: Readonly<Record<string, Ground>> = {
      ...(!short && { everysec: { server, persistence: 'everysec' }, '1 ms away': { server, port: link.port } }),
      'everysec, 1 ms away': both,
    }
    const elsewhere: Record<string, Compared> = {}
    const few = Math.min(3, rounds)
    for (const [where, other] of Object.entries(grounds)) {
      elsewhere[where] = await compare(other, people, TRIED_AT, { rounds: few, channels })
    }
    const settings = { tasks, rounds, contactBytes: meanBytes(people), redis: server.version }
    const here = await on({ server }, callLives(people, { concurrency: TRIED_AT, channels: 1 }), nodeProfile)
    return results(compared, elsewhere, settings, here)
  } finally {
    link.close()
    await server.stop()
  }
}

/** Everybody in turn, after a run of each that only warms up and finds out how many channels help. */
async function compare(
  ground: Ground,
  people: readonly Person[],
  concurrency: number,
  { rounds, channels: tried }: { rounds: number; channels: readonly number[] },
): Promise<Compared> {
  const bare = (channels: number) => callLives(people, { concurrency, channels })
  const guarded = (channels: number) => callLives(people, { concurrency, channels, guards: ALL_GUARDS })
  const channels = await fastest(ground, tried, bare)
  const guardedChannels = await fastest(ground, tried, guarded)
  const others: Record<'engine' | 'bull' | 'bee', Subject> = {
    engine: engineLives(people, concurrency),
    bull: bullEmptyJobs(people, concurrency),
    bee: beeEmptyJobs(people, concurrency),
  }
  if (tried.length > 1) await contest(ground, 1, others)
  const runs = await contest(ground, rounds, { ours: bare(channels), guarded: guarded(guardedChannels), ...others })
  return { concurrency, channels, guardedChannels, runs }
}
