import type { Subject } from '../support/contest.js'
import type { Person } from '../support/corpus.js'
import { acknowledgeAll } from './acknowledger.js'
import { type DialerOptions, dialAll } from './dialer.js'
import { campaign, openEngine } from './engine.js'
import { loadCampaigns, openStore, setGuards } from './outdial-store.js'
import type { Policies } from './policies.js'

/** Twenty campaigns of five organizations. */
const SHAPE = { jobs: 20, organizations: 5 }
/** Everything that can be asked before a call. */
export const ALL_GUARDS = { suppression: true, cap: true, callerIds: true, money: true }
/** One in ten is called a second time, at once. */
const RETRIED = 10

/** Whole lives of calls, the storage port driven without an engine. */
export function callLives(people: readonly Person[], options: DialerOptions): Subject {
  return async (port) => {
    const { storage, close } = await openStore(port)
    const campaigns = await loadCampaigns(storage, people, SHAPE)
    if (options.guards) await setGuards(storage, people, SHAPE.organizations)
    return {
      async run() {
        const { calls } = await dialAll(storage, campaigns, { retried: RETRIED, ...options })
        return calls
      },
      close,
    }
  }
}

/** Whole lives of calls with the whole engine: policy, carrier, progress of each call. */
export function engineLives(people: readonly Person[], concurrency: number, policies: Policies = {}): Subject {
  return async (port) => {
    const { engine, close } = await openEngine(port, { placeAtOnce: concurrency, ...policies.engine })
    await policies.prepare?.(engine)
    const job = await campaign(engine, people, { concurrency, ...policies.job })
    return {
      async run() {
        await engine.start()
        const { tasks } = await job.finished()
        if (tasks.succeeded !== people.length) throw new Error(`${tasks.succeeded} of ${people.length} succeeded`)
        return tasks.succeeded
      },
      close,
    }
  }
}

/** Tasks claimed and given back as done, without a call between. */
export function claimsAndReturns(people: readonly Person[], concurrency: number, channels: number): Subject {
  return async (port) => {
    const { storage, close } = await openStore(port)
    const campaigns = await loadCampaigns(storage, people, SHAPE)
    return { run: () => acknowledgeAll(storage, campaigns, { concurrency, channels }), close }
  }
}
