import { type ExchangeReply, isOutdialError, type JobRecord, type LedgerPage, type LiveRecord } from '@outdial/core'
import { many, type Sabotage, together } from './sabotage.js'

/** Faults that show only with several clients, a crash of one, or a lost reply. */
export const CLIENTS: readonly Sabotage[] = [
  {
    name: 'hands the same page of the ledger to two that ask at the same time',
    harm: 'every call is in the record twice',
    fails: ['S-192'],
    underFaults: true,
    make: together(
      () => ({ page: undefined as Promise<LedgerPage> | undefined }),
      (inner, taken) => ({
        takeLedger: (query) => {
          taken.page ??= inner.takeLedger(query).finally(() => {
            taken.page = undefined
          })
          return taken.page
        },
      }),
    ),
  },
  {
    name: 'does a re-sent exchange again instead of answering it',
    harm: 'a lost reply claims and fences twice',
    fails: ['S-043', 'S-044', 'S-045', 'S-049', 'S-183'],
    underFaults: true,
    search: 'S-212',
    make: together(
      () => ({ n: 0 }),
      (inner, at) => ({
        exchange: (request) => inner.exchange({ ...request, channel: `${request.channel}#${at.n++}`, seq: 1 }),
      }),
    ),
  },
  {
    name: 'counts the outcome of a re-sent closing again',
    harm: 'reports of results that never were',
    fails: ['S-043'],
    underFaults: true,
    search: 'S-212',
    make: together(
      () => ({ seen: new Set<string>(), extra: 0 }),
      (inner, at) => ({
        exchange: async (request) => {
          const id = `${request.channel} ${request.seq}`
          if (at.seen.has(id)) at.extra += request.reports.filter(({ kind }) => kind === 'close').length
          at.seen.add(id)
          return inner.exchange(request)
        },
        getJob: async (id) => {
          const job = await inner.getJob(id)
          return job?.outcomes.answered === undefined ? job : more(job, at.extra)
        },
      }),
    ),
  },
  {
    name: 'takes the fence of a frozen client for the claim that another has by now',
    harm: 'the frozen one dials, and the other loses its claim under its hands',
    fails: ['S-052', 'S-061', 'S-184'],
    underFaults: true,
    make: together(
      () => new Map<string, string>(),
      (inner, latest) => ({
        exchange: async (request) => {
          const task = (claim: string) => claim.slice(0, claim.lastIndexOf(':'))
          const fences = request.fences.map((fence) => ({
            ...fence,
            claim: latest.get(task(fence.claim)) ?? fence.claim,
          }))
          const reply = await inner.exchange({ ...request, fences })
          for (const { tasks } of reply.claims) for (const { claim } of tasks) latest.set(task(claim), claim)
          return reply
        },
      }),
    ),
  },
  {
    name: 'wakes only the workers of the process that made the change',
    harm: 'work lies about while workers sleep',
    fails: ['S-185'],
    underFaults: true,
    search: 'S-211',
    make: many((inner) => {
      let own = 0
      let atExchange = 0
      const seen = <T>(done: Promise<T>): Promise<T> => done.finally(() => own++)
      return {
        exchange: (request) =>
          seen(inner.exchange(request)).finally(() => {
            atExchange = own + 1
          }),
        seal: (...args) => seen(inner.seal(...args)),
        control: (...args) => seen(inner.control(...args)),
        setLimits: (limits) => seen(inner.setLimits(limits)),
        waitForWork: async (query) => {
          await inner.waitForWork(query)
          if (query.until === Number.POSITIVE_INFINITY && own < atExchange && !query.signal.aborted) {
            await new Promise((resolve) => query.signal.addEventListener('abort', resolve))
          }
        },
      }
    }),
  },
  {
    name: 'makes two jobs of one request when two ask at the same time',
    harm: 'a campaign runs twice',
    fails: ['S-015', 'S-187'],
    underFaults: true,
    make: together(
      () => new Map<string, string>(),
      (inner, keys) => ({
        createJob: async (job) => {
          const key = `${job.organization} ${job.idempotencyKey}`
          const known = keys.get(key)
          await null
          if (job.idempotencyKey === undefined) return inner.createJob(job)
          const as = known ?? `${job.idempotencyKey} ${job.id}`
          keys.set(key, as)
          const made = await inner.createJob({ ...job, idempotencyKey: as })
          return { ...made, job: { ...made.job, idempotencyKey: job.idempotencyKey } }
        },
      }),
    ),
  },
  {
    name: 'goes on with the batch of a client that died, as if it were whole',
    harm: 'people are in a campaign twice, and others not at all',
    fails: ['S-022', 'S-188'],
    underFaults: true,
    search: 'S-212',
    make: together(
      () => new Map<string, string>(),
      (inner, open) => ({
        openBatch: async (jobId, batch, key) => {
          const first = open.get(`${jobId} ${key}`) ?? batch
          open.set(`${jobId} ${key}`, first)
          open.set(batch, first)
          return inner.openBatch(jobId, first, key)
        },
        stage: async (jobId, batch, chunk) => inner.stage(jobId, open.get(batch) ?? batch, chunk),
        seal: async (jobId, batch, ...more) => inner.seal(jobId, open.get(batch) ?? batch, ...more),
      }),
    ),
  },
  {
    name: 'adds a note again that another worker tells',
    harm: 'costs are counted twice when two workers hear of them',
    fails: ['S-190'],
    underFaults: true,
    make: many((inner) => {
      const told = new Map<string, string>()
      return {
        exchange: (request) => {
          const reports = request.reports.map((report) => {
            if (report.kind !== 'note') return report
            const id = `${report.id}@${request.channel}`
            told.set(`${report.ref}#${report.id}`, id)
            return { ...report, id }
          })
          return inner.exchange({ ...request, reports })
        },
        control: (jobId, { task, ...change }, ...more) => {
          const { unlessNoted: noted, ...rest } = task ?? {}
          const unlessNoted = noted && { ...noted, id: told.get(`${noted.ref}#${noted.id}`) ?? noted.id }
          const same = { ...rest, ...(unlessNoted && { unlessNoted }) } as NonNullable<typeof task>
          return inner.control(jobId, { ...change, ...(task && { task: same }) }, ...more)
        },
      }
    }),
  },
  {
    name: 'hands an overdue attempt to everybody who looks at the same time',
    harm: 'two workers reconcile the same call, and come to different ends',
    fails: ['S-136', 'S-186'],
    underFaults: true,
    make: together(
      () => ({ pending: undefined as Promise<LiveRecord[]> | undefined }),
      (inner, at) => ({
        overdue: async (query) => {
          const pending = at.pending ?? inner.overdue(query)
          at.pending = pending
          const found = await pending
          at.pending = undefined
          return found
        },
      }),
    ),
  },
  {
    name: 'gives the same claims to two that ask at the same time',
    harm: 'two workers prepare the same call',
    fails: ['S-044', 'S-050', 'S-181', 'S-182'],
    underFaults: true,
    search: 'S-211',
    make: together(
      () => ({ recent: undefined as Promise<ExchangeReply> | undefined }),
      (inner, at) => ({
        exchange: async (request) => {
          const before = at.recent
          const own = inner.exchange(request)
          if (request.claims.length > 0) at.recent = own
          const reply = await own
          const claims = before && request.claims.length > 0 ? (await before).claims : reply.claims
          at.recent = undefined
          return { ...reply, claims }
        },
      }),
    ),
  },
  {
    name: 'lets both of two changes through that come at the same time with the same revision',
    harm: 'somebody’s change is overwritten without a word',
    fails: ['S-191'],
    underFaults: true,
    search: 'S-211',
    make: many((inner) => ({
      control: async (jobId, change, ifRevision) => {
        const before = (await inner.getJob(jobId))?.revision
        return inner.control(jobId, change, ifRevision).catch((error) => {
          if (!isOutdialError(error, 'revision_conflict') || before !== ifRevision) throw error
          return inner.control(jobId, change)
        })
      },
    })),
  },
  {
    name: 'answers a channel from what it kept for another, whose name begins alike',
    harm: 'a worker gets the claims of another',
    fails: ['S-045'],
    underFaults: true,
    make: together(
      () => new Map<string, { seq: number; reply: ExchangeReply }>(),
      (inner, kept) => ({
        exchange: async (request) => {
          const mixed = kept.get(request.channel.slice(0, 8))
          const reply = await inner.exchange(request)
          kept.set(request.channel, { seq: request.seq, reply })
          return request.channel.length > 8 && mixed?.seq === request.seq ? mixed.reply : reply
        },
      }),
    ),
  },
  {
    name: 'applies a re-sent exchange that comes after the next one',
    harm: 'what was overtaken happens after all',
    fails: ['S-044'],
    underFaults: true,
    search: 'S-211',
    make: many((inner) => ({
      exchange: (request) =>
        inner.exchange(request).catch((error) => {
          if (!isOutdialError(error, 'sequence_broken')) throw error
          return inner.exchange({
            ...request,
            channel: `${request.channel} late ${Math.floor(performance.now() * 1e6)}`,
            seq: 1,
          })
        }),
    })),
  },
]

function more(job: JobRecord, extra: number): JobRecord {
  return { ...job, outcomes: { ...job.outcomes, answered: (job.outcomes.answered ?? 0) + extra } }
}
