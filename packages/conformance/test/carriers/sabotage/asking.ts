import type { Attempt, CallHandle, Lookup } from '@outdial/core'
import { KEY } from '../support/exchange.js'
import { changed, type Sabotage } from './sabotage.js'

/** A carrier that makes something else of the answers to `lookup`. */
const looking = (make: (told: Lookup, call: CallHandle) => Lookup) =>
  changed((inner) => ({
    lookup: async (call) => make((await inner.lookup?.(call)) ?? { status: 'cannotTell' }, call),
  }))

/** Faults of `lookup`, `hangup`, `check` and `needs`. */
export const ASKING: readonly Sabotage[] = [
  {
    name: 'takes trouble with a look-up for proof that there is no call',
    harm: 'a person who was called is called again',
    fails: ['C-086'],
    change: changed((inner) => ({
      lookup: async (call) => {
        const told = (await inner.lookup?.(call)) ?? { status: 'cannotTell' }
        return told.status === 'cannotTell' ? { status: 'notFound', asOf: 1_800_000_000_000 } : told
      },
    })),
  },
  {
    name: 'throws when a look-up fails',
    harm: 'nobody finds out what has become of a call',
    fails: ['C-086'],
    change: changed((inner) => ({
      lookup: async (call) => {
        const told = (await inner.lookup?.(call)) ?? { status: 'cannotTell' }
        if (told.status === 'cannotTell') throw new Error(told.message)
        return told
      },
    })),
  },
  {
    name: 'knows of no time that calls take to be shown',
    harm: 'a person who was called a moment ago is called again',
    fails: ['C-087'],
    change: changed(({ capabilities }) => ({
      capabilities: { ...capabilities, lookup: { visibilityLag: 0, horizon: 3_600_000 } },
    })),
  },
  {
    name: 'says as of when by the end of the day',
    harm: 'a call that has not been shown yet is taken for one that never was',
    fails: ['C-085', 'C-087'],
    change: looking((told) => (told.status === 'notFound' ? { ...told, asOf: told.asOf + 86_400_000 } : told)),
  },
  {
    name: 'takes the last call to a number for the one that is asked for',
    harm: 'the outcome of one call is booked for another',
    fails: ['C-083', 'C-084'],
    change: changed((inner, exchange) => ({
      lookup: async (call) => {
        const last = exchange
          .calls()
          .filter(({ to }) => to === call.to)
          .at(-1)
        const by = last ? { ...call, callId: last.callId } : call
        return (await inner.lookup?.(by)) ?? { status: 'cannotTell' }
      },
    })),
  },
  {
    name: 'takes a call that rings for one that was answered',
    harm: 'calls that nobody took are paid for',
    fails: ['C-082'],
    change: looking((told) =>
      told.status === 'found' && told.event.type === 'ringing'
        ? { ...told, event: { ...told.event, type: 'answered' } }
        : told,
    ),
  },
  {
    name: 'has a call that it cannot find gone',
    harm: 'the call goes on, and nobody hangs it up',
    fails: ['C-093'],
    change: changed((inner) => ({
      hangup: async (call) => {
        const found = call.callId === undefined ? await inner.lookup?.(call) : undefined
        return found?.status === 'notFound' ? 'gone' : ((await inner.hangup?.(call)) ?? 'refused')
      },
    })),
  },
  {
    name: 'says that a call was ended without having heard so',
    harm: 'the call goes on, and nobody hangs it up',
    fails: ['C-093', 'C-094', 'C-095'],
    change: changed((inner) => ({
      hangup: async (call) => {
        const told = await inner.hangup?.(call)
        return told === 'gone' ? 'gone' : 'done'
      },
    })),
  },
  {
    name: 'hangs up everything that goes to a number',
    harm: 'people are cut off who have done nothing',
    fails: ['C-096'],
    change: changed((inner, exchange) => ({
      hangup: async (call) => {
        const same = exchange.calls().filter(({ to, callId }) => to === call.to && callId !== call.callId)
        for (const { callId } of same) await inner.hangup?.({ ...call, callId })
        return (await inner.hangup?.(call)) ?? 'refused'
      },
    })),
  },
  {
    name: 'refuses to hang up what is hung up',
    harm: 'a cancellation that never ends',
    fails: ['C-091', 'C-092'],
    change: changed((inner) => ({
      hangup: async (call) => {
        const told = await inner.hangup?.(call)
        return told === 'done' ? 'done' : 'refused'
      },
    })),
  },
  {
    name: 'waits for ever when it cannot ask',
    harm: 'nobody finds out, and nobody hangs up',
    fails: ['C-086', 'C-095', 'C-103'],
    change: changed((inner) => ({
      lookup: async (call) => {
        const told = (await inner.lookup?.(call)) ?? { status: 'cannotTell' }
        return told.status === 'cannotTell' ? new Promise(() => {}) : told
      },
      hangup: async (call) => {
        const told = (await inner.hangup?.(call)) ?? 'refused'
        return told === 'refused' && call.callId !== undefined ? new Promise(() => {}) : told
      },
      check: (use) => (inner.check?.(use) ?? Promise.resolve([])).catch(() => new Promise(() => {})),
    })),
  },
  {
    name: 'finds nothing wrong when it cannot ask',
    harm: 'an engine that starts into the void',
    fails: ['C-103'],
    change: changed((inner) => ({ check: async (use) => (await inner.check?.(use).catch(() => [])) ?? [] })),
  },
  {
    name: 'finds nothing wrong with a key that is refused',
    harm: 'a campaign of which every call is refused',
    fails: ['C-101'],
    change: changed((inner) => ({
      check: async (use) => ((await inner.check?.(use)) ?? []).filter(({ field }) => field !== 'key'),
    })),
  },
  {
    name: 'finds nothing wrong with the caller ids of others',
    harm: 'a campaign of which every call is refused',
    fails: ['C-102'],
    change: changed((inner) => ({ check: () => inner.check?.() ?? Promise.resolve([]) })),
  },
  {
    name: 'throws its own errors at an agent that it does not have',
    harm: 'a job is refused as if the engine were broken',
    fails: ['C-106'],
    change: changed((inner) => ({
      needs: (agent) => {
        if (agent !== undefined && agent !== 'greeter') throw new TypeError('undefined is not an agent')
        return inner.needs?.(agent) ?? []
      },
    })),
  },
  {
    name: 'names another variable each time',
    harm: 'contacts are rejected by chance',
    fails: ['C-105'],
    change: changed(() => {
      let n = 0
      return { needs: () => [`name${n++}`] }
    }),
  },
  {
    name: 'says which key is wrong',
    harm: 'the key of the account in every log',
    fails: ['C-111'],
    change: changed((inner) => ({
      check: (use) => (inner.check?.(use) ?? Promise.resolve([])).catch(() => Promise.reject(new Error(`with ${KEY}`))),
    })),
  },
  {
    name: 'claims to hang up, and cannot',
    harm: 'a campaign that cannot be stopped',
    fails: ['C-002', 'C-090', 'C-091', 'C-092', 'C-093', 'C-094', 'C-095', 'C-096'],
    change: (inner) => {
      const { hangup: _, ...rest } = inner
      return rest
    },
  },
  {
    name: 'finds only the calls of its own process',
    harm: 'after a restart nobody finds out what has become of a call',
    fails: ['C-080', 'C-081', 'C-083', 'C-086'],
    change: changed((inner) => {
      const own = new Set<string>()
      return {
        place: async (attempt) => {
          own.add(attempt.ref)
          return inner.place(attempt)
        },
        lookup: async (call) =>
          (own.has(call.ref) ? await inner.lookup?.(call) : undefined) ?? {
            status: 'notFound',
            asOf: 1_800_000_000_000,
          },
      }
    }),
  },
  {
    name: 'takes its own numbers for those of others',
    harm: 'an engine that does not start',
    fails: ['C-100', 'C-102'],
    change: changed((inner) => ({
      check: async (use) => (await inner.check?.(use && { ...use, from: use.from.map((from) => from.slice(1)) })) ?? [],
    })),
  },
  {
    name: 'tries an account out by calling somebody',
    harm: 'somebody is called at every start',
    fails: ['C-104'],
    change: changed((inner) => ({
      check: async (use) => {
        if (use) await inner.place(probe(use.from[0] ?? ''))
        return (await inner.check?.(use)) ?? []
      },
    })),
  },
  {
    name: 'says that it may be asked for no calls at all',
    harm: 'a campaign that never starts',
    fails: ['C-001'],
    change: changed(({ capabilities }) => ({ capabilities: { ...capabilities, cps: 0 } })),
  },
  {
    name: 'says something else in every process',
    harm: 'workers that disagree about how fast to call',
    fails: ['C-004'],
    change: (inner) => ({ ...inner, capabilities: { ...inner.capabilities, cps: made++ } }),
  },
  {
    name: 'has no way to tell how a call ended',
    harm: 'every call waits for its deadline',
    fails: ['C-003'],
    change: ({ parseWebhook: _, lookup: __, ...inner }) => ({
      ...inner,
      capabilities: { ...inner.capabilities, lookup: false },
    }),
  },
]

let made = 1

function probe(from: string): Attempt {
  return {
    ref: 'probe',
    attempt: 1,
    organization: 'acme',
    jobId: 'probe',
    to: '+12025550196',
    from,
    variables: {},
    ringTimeout: 1_000,
    maxDuration: 1_000,
    startable: () => true,
  }
}
