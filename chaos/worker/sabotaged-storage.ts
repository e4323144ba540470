import type { Change, LiveRecord, Storage } from 'outdial'
import type { Sabotage } from './sabotage.js'
import { bound, type Otherwise } from './wrapped-storage.js'

const MUCH = 3_600_000

/** A storage with one of its mechanisms switched off; the same one when the mechanism is not a storage's. */
export function sabotagedStorage(inner: Storage, sabotage: Sabotage | undefined): Storage {
  const otherwise = sabotage === undefined ? {} : (SABOTAGED[sabotage]?.(inner) ?? {})
  return { ...bound(inner), ...otherwise }
}

const earlier = (record: LiveRecord): LiveRecord => ({ ...record, startBy: record.startBy - MUCH })

const SABOTAGED: { readonly [Of in Sabotage]?: (inner: Storage) => Otherwise } = {
  'start-by-ignored': (inner) => ({
    async exchange(request) {
      const reply = await inner.exchange(request)
      const fences = reply.fences.map((fenced) =>
        fenced.status === 'fenced' ? { ...fenced, startBy: fenced.startBy + MUCH } : fenced,
      )
      return { ...reply, fences }
    },
  }),
  'own-time': (inner) => ({
    overdue: async (query) => (await inner.overdue(query)).map(earlier),
  }),
  'replies-not-replayed': (inner) => {
    // What was sent once gets numbers of its own when it is sent again.
    const sent = new Map<string, number>()
    let seq = 0
    return {
      exchange(request) {
        const name = `${request.channel} ${request.seq}`
        const again = sent.get(name)
        sent.set(name, (again ?? 0) + 1)
        return inner.exchange({ ...request, channel: `${request.channel}-anew`, seq: ++seq })
      },
    }
  },
  'limits-not-stored': (inner) => ({
    setLimits: async () => {},
    createJob: (job) => inner.createJob({ ...job, limits: [] }),
    control: (jobId, { limits: _, ...change }, ifRevision) => inner.control(jobId, change, ifRevision),
  }),
  'suppression-not-asked': (inner) => ({
    exchange: (request) =>
      inner.exchange({ ...request, fences: request.fences.map((fence) => ({ ...fence, absent: [] })) }),
  }),
  'pause-in-name-only': (inner) => ({
    control: (jobId, change, ifRevision) => inner.control(jobId, stillDialable(change), ifRevision),
  }),
  'hours-not-asked': (inner) => ({
    control: (jobId, { lanes: _, ...change }, ifRevision) => inner.control(jobId, change, ifRevision),
    getJob: async (jobId) => {
      const job = await inner.getJob(jobId)
      return job && { ...job, spec: JSON.stringify({ ...JSON.parse(job.spec), window: null }) }
    },
  }),
  'caps-not-taken': (inner) => withoutHolds(inner, 'cap:'),
  'money-not-held': (inner) => withoutHolds(inner, 'money:'),
  'cool-downs-not-asked': (inner) => ({
    exchange: (request) => {
      const fences = request.fences.map((fence) => ({
        ...fence,
        absent: fence.absent.filter(({ list }) => !list.startsWith('cooldown:')),
      }))
      return inner.exchange({ ...request, fences })
    },
  }),
}

/** Fences that take nothing under keys that begin so. */
function withoutHolds(inner: Storage, prefix: string): Otherwise {
  return {
    exchange: (request) => {
      const fences = request.fences.map((fence) => ({
        ...fence,
        all: fence.all.filter(({ key }) => !key.startsWith(prefix)),
      }))
      return inner.exchange({ ...request, fences })
    },
  }
}

function stillDialable(change: Change): Change {
  if (change.phase?.state !== 'paused') return change
  return { ...change, phase: { ...change.phase, dialable: true } }
}
