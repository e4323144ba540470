import type {
  ExchangeReply,
  JobRecord,
  LedgerPage,
  ListCheck,
  ListEdit,
  ListedMember,
  Report,
  Storage,
} from '@outdial/core'
import { changedLimits, type Patch, type Sabotage, single } from './sabotage.js'

type Telling = Extract<Report, { kind: 'close' | 'note' }>

/** Faults of lists, of what is counted, of the ledger, and of the share of fresh tasks. */
const broken: readonly { name: string; harm: string; fails: readonly string[]; search?: string; patch: Patch }[] = [
  {
    name: 'has people on a list for good, whatever the end of their entry',
    harm: 'who was to be left alone for a day is never called again',
    fails: ['S-220', 'S-221', 'S-222', 'S-223', 'S-225', 'S-226', 'S-228', 'S-229'],
    search: 'S-210',
    patch: changedMembers(({ until: _, ...member }) => member),
  },
  {
    name: 'lets people go a millisecond before their end',
    harm: 'a rule of 24 hours is broken by those who are called first in the morning',
    fails: ['S-220'],
    patch: withClock((inner, now) => ({
      exchange: async (request) => {
        const stays = async ({ list, member }: ListCheck) =>
          (await inner.getList(list, [member])).members[0]?.until !== now() + 1
        const fences = []
        for (const fence of request.fences) {
          const absent = []
          for (const check of fence.absent) if (await stays(check)) absent.push(check)
          fences.push({ ...fence, absent })
        }
        return inner.exchange({ ...request, fences })
      },
    })),
  },
  {
    name: 'goes by the end that was told last, not by the later one',
    harm: 'who asked never to be called is called when a shorter wait is over',
    fails: ['S-222'],
    patch: (inner) => ({
      setList: async (list, edit) => {
        const { add = [] } = edit
        if (!edit.clear)
          await inner.setList(list, { remove: add.map((one) => (typeof one === 'string' ? one : one.member)) })
        return inner.setList(list, edit)
      },
    }),
  },
  {
    name: 'has whoever is listed tried again at once',
    harm: 'a worker that does nothing but ask about the same people',
    fails: ['S-221', 'S-229'],
    search: 'S-210',
    patch: changedReplies((reply) => ({
      ...reply,
      fences: reply.fences.map((fenced) =>
        fenced.status === 'refused' && fenced.reasons.every((reason) => reason.startsWith('list:'))
          ? { ...fenced, retryAt: reply.now }
          : fenced,
      ),
    })),
  },
  {
    name: 'keeps everybody who ever was on a list for a while',
    harm: 'a store that is full of yesterday’s cool-downs',
    fails: ['S-228'],
    patch: (inner) => {
      const ever = new Map<string, Set<string>>()
      return {
        setList: (list, edit) => {
          const members = ever.get(list) ?? new Set()
          ever.set(list, members)
          for (const one of edit.add ?? [])
            if (typeof one !== 'string' && one.until !== undefined) members.add(one.member)
          return inner.setList(list, edit)
        },
        getList: async (list, members) => {
          const told = await inner.getList(list, members)
          return { ...told, size: Math.max(told.size, ever.get(list)?.size ?? 0) }
        },
      }
    },
  },
  {
    name: 'never takes the age of a list away again',
    harm: 'a list that nobody has brought up to date blocks everybody, and nobody can change it',
    fails: ['S-224'],
    search: 'S-210',
    patch: (inner) => ({
      setList: (list, { maxAgeMs, ...edit }) =>
        inner.setList(list, { ...edit, ...(typeof maxAgeMs === 'number' && { maxAgeMs }) }),
    }),
  },
  {
    name: 'takes people off a list before it adds others',
    harm: 'who was added and taken off in one change stays on the list',
    fails: ['S-224'],
    search: 'S-210',
    patch: (inner) => ({
      setList: async (list, { clear, remove, unlessOn, ...edit }) => {
        await inner.setList(list, {
          ...(clear && { clear }),
          ...(remove && { remove }),
          ...(unlessOn !== undefined && { unlessOn }),
        })
        return inner.setList(list, edit)
      },
    }),
  },
  {
    name: 'takes off a list whoever it is told to, whatever other list they are on',
    harm: 'who says "never again" while a list is replaced by a file is called again',
    fails: ['S-219'],
    patch: (inner) => ({ setList: (list, { unlessOn: _, ...edit }) => inner.setList(list, edit) }),
  },
  {
    name: 'knows no reasons',
    harm: 'nobody can say any more why a person is not called',
    fails: ['S-222', 'S-223', 'S-225', 'S-226', 'S-229'],
    search: 'S-210',
    patch: changedMembers(({ reason: _, ...member }) => member),
  },
  {
    name: 'leaves one member out between two pages of a list',
    harm: 'an export of opt-outs that lacks some',
    fails: ['S-226', 'S-227'],
    patch: (inner) => ({
      scanList: async (list, query) => {
        const page = await inner.scanList(list, query)
        return page.cursor === undefined ? page : { ...page, items: page.items.slice(1) }
      },
    }),
  },
  {
    name: 'pages through a list by position',
    harm: 'an export of opt-outs that lacks some, when others are added meanwhile',
    fails: ['S-227'],
    patch: (inner) => ({
      scanList: async (list, { cursor, max }) => {
        const from = Number(cursor ?? 0)
        const all = (await everybody(inner, list)).sort((a, b) => (a.member < b.member ? 1 : -1))
        return { items: all.slice(from, from + max), ...(all.length > from + max && { cursor: String(from + max) }) }
      },
    }),
  },
  {
    name: 'puts people on lists a moment after the report that names them',
    harm: 'somebody else calls who has just opted out',
    fails: ['S-229'],
    patch: (inner) => ({
      exchange: async (request) => {
        const reports = changedReports(({ enlist: _, ...told }) => told as Telling)(request.reports)
        const reply = await inner.exchange({ ...request, reports })
        for (const [i, told] of request.reports.entries()) if (reply.reports[i] === 'applied') await enlist(inner, told)
        return reply
      },
    }),
  },
  {
    name: 'puts people on lists for reports that are stale',
    harm: 'who was taken off a list by hand is back on it with every repeated webhook',
    fails: ['S-230'],
    patch: (inner) => ({
      exchange: async (request) => {
        for (const told of request.reports) await enlist(inner, told)
        return inner.exchange(request)
      },
    }),
  },
  {
    name: 'lets a number call that is in quarantine',
    harm: 'a number that is marked as spam is burned for good',
    fails: ['S-084', 'S-221', 'S-231', 'S-236'],
    search: 'S-210',
    patch: changedLimits(({ key, revision, ...rule }) =>
      'closedUntil' in rule ? { key, revision, none: true } : { key, revision, ...rule },
    ),
  },
  {
    name: 'takes one where it was only asked',
    harm: 'limits that fill up by being looked at',
    fails: ['S-232'],
    search: 'S-210',
    patch: (inner) => ({
      exchange: (request) =>
        inner.exchange({
          ...request,
          fences: request.fences.map((fence) => ({
            ...fence,
            all: fence.all.map((hold) => ({ ...hold, n: Math.max(1, hold.n) })),
          })),
        }),
    }),
  },
  {
    name: 'leaves out of the usage what was spent',
    harm: 'a forecast with money that is gone',
    fails: ['S-083', 'S-235'],
    search: 'S-210',
    patch: (inner) => ({
      usage: async (holds) => (await inner.usage(holds)).map((usage) => ({ ...usage, spent: 0 })),
    }),
  },
  {
    name: 'promises room in a second whenever a limit is full',
    harm: 'a job that seems to go on in a moment, and never does',
    fails: ['S-236'],
    search: 'S-210',
    patch: withClock((inner, now) => ({
      usage: async (holds) =>
        (await inner.usage(holds)).map((usage) => ({ ...usage, freeAt: Math.min(usage.freeAt, now() + 1000) })),
    })),
  },
  {
    name: 'keeps no ledger entries of notes',
    harm: 'corrections of costs that the host never hears of',
    fails: ['S-240', 'S-246'],
    search: 'S-210',
    patch: (inner) => ({
      exchange: (request) => {
        const without = changedReports((told) => {
          const { ledger: _, ...rest } = told
          return told.kind === 'note' ? (rest as Telling) : told
        })
        return inner.exchange({ ...request, reports: without(request.reports) })
      },
    }),
  },
  {
    name: 'hands out a page of the ledger with the newest first',
    harm: 'a record that says the correction before the call',
    fails: ['S-240', 'S-241', 'S-242', 'S-243', 'S-244', 'S-245', 'S-246'],
    search: 'S-210',
    patch: changedPages((page) => ({ ...page, entries: page.entries.toReversed() })),
  },
  {
    name: 'forgets entries of the ledger as soon as it has handed them out',
    harm: 'calls that nobody has any record of, after a crash of the sink',
    fails: ['S-243', 'S-244', 'S-245', 'S-246'],
    search: 'S-210',
    patch: (inner) => ({
      takeLedger: async (query) => {
        const page = await inner.takeLedger(query)
        if (page.page !== undefined) await inner.acknowledgeLedger(page.page)
        return page
      },
    }),
  },
  {
    name: 'hands out entries again that are being made safe',
    harm: 'a sink that gets everything several times',
    fails: ['S-242', 'S-243', 'S-244', 'S-246'],
    patch: (inner) => ({ takeLedger: (query) => inner.takeLedger({ ...query, leaseMs: 1 }) }),
  },
  {
    name: 'never forgets what was acknowledged',
    harm: 'a ledger that grows for ever, and a sink that gets it again and again',
    fails: ['S-244'],
    patch: () => ({ acknowledgeLedger: async () => {} }),
  },
  {
    name: 'drops the ledger of a job with it',
    harm: 'calls that nobody has any record of',
    fails: ['S-245'],
    patch: (inner) => {
      const purged = new Set<string>()
      return {
        purge: async (jobId) => {
          await inner.purge(jobId)
          purged.add(jobId)
        },
        takeLedger: async (query) => {
          const page = await inner.takeLedger(query)
          return { ...page, entries: page.entries.filter(({ jobId }) => !purged.has(jobId)) }
        },
      }
    },
  },
  {
    name: 'tells in the ledger what was redacted',
    harm: 'data of a person who wanted them to be erased',
    fails: ['S-246'],
    patch: (inner) => {
      const told = new Map<string, string>()
      return {
        exchange: (request) => {
          for (const report of request.reports) {
            if (!('ledger' in report) || report.ledger === undefined) continue
            told.set(report.ref.split(':').slice(0, 2).join(':'), report.ledger)
          }
          return inner.exchange(request)
        },
        takeLedger: async (query) => {
          const page = await inner.takeLedger(query)
          const entries = page.entries.map((entry) => ({
            ...entry,
            data: entry.data || (told.get(`${entry.jobId}:${entry.index}`) ?? ''),
          }))
          return { ...page, entries }
        },
      }
    },
  },
  {
    name: 'has those due again come first, whatever the share of fresh tasks',
    harm: 'nobody new is called as long as there are retries',
    fails: ['S-250', 'S-251', 'S-252'],
    search: 'S-210',
    patch: (inner) => ({
      createJob: ({ freshShare: _, ...job }) => inner.createJob(job),
      control: (jobId, { freshShare: _, ...change }, ...more) => inner.control(jobId, change, ...more),
    }),
  },
  {
    name: 'forgets that a share of fresh tasks was taken away',
    harm: 'retries wait although nobody asked for it any more',
    fails: ['S-252'],
    patch: (inner) => ({
      control: (jobId, { freshShare, ...change }, ...more) =>
        inner.control(jobId, { ...change, ...(typeof freshShare === 'number' && { freshShare }) }, ...more),
    }),
  },
  {
    name: 'remembers what fresh tasks were owed by a share that was taken away',
    harm: 'two stores claim in another order',
    fails: ['S-252'],
    patch: (inner) => {
      // With a share of nothing those due again come first as well, and what was owed stays.
      const shown = <Job extends { freshShare?: number }>({ freshShare, ...job }: Job) =>
        freshShare ? { ...job, freshShare } : job
      return {
        control: async (jobId, { freshShare, ...change }, ...more) => {
          const share = freshShare === undefined ? {} : { freshShare: freshShare ?? 0 }
          return shown(await inner.control(jobId, { ...change, ...share }, ...more)) as JobRecord
        },
        getJob: async (jobId) => {
          const job = await inner.getJob(jobId)
          return job && (shown(job) as JobRecord)
        },
      }
    },
  },
]

export const PEOPLE: readonly Sabotage[] = broken.map(({ patch, ...rest }) => ({
  ...rest,
  underFaults: false,
  make: single(patch),
}))

/** Whoever is put on a list, by hand or by a report, put there otherwise. */
function changedMembers(change: (member: ListedMember) => ListedMember): Patch {
  const members = (edit: ListEdit): ListEdit =>
    edit.add ? { ...edit, add: edit.add.map((one) => (typeof one === 'string' ? one : change(one))) } : edit
  const reports = changedReports((told) =>
    told.enlist ? { ...told, enlist: told.enlist.map((one) => ({ ...change(one), list: one.list })) } : told,
  )
  return (inner) => ({
    setList: (list, edit) => inner.setList(list, members(edit)),
    exchange: (request) => inner.exchange({ ...request, reports: reports(request.reports) }),
  })
}

/** With the time that the store is given. */
function withClock(patch: (inner: Storage, now: () => number) => Partial<Storage>): Patch {
  return (inner) => {
    let now = () => 0
    return {
      open: async (host) => {
        now = () => host.clock.now()
        await inner.open(host)
      },
      ...patch(inner, () => now()),
    }
  }
}

function changedReports(change: (told: Telling) => Telling): (reports: readonly Report[]) => Report[] {
  return (reports) => reports.map((told) => (told.kind === 'close' || told.kind === 'note' ? change(told) : told))
}

function changedReplies(change: (reply: ExchangeReply) => ExchangeReply): Patch {
  return (inner) => ({ exchange: async (request) => change(await inner.exchange(request)) })
}

function changedPages(change: (page: LedgerPage) => LedgerPage): Patch {
  return (inner) => ({ takeLedger: async (query) => change(await inner.takeLedger(query)) })
}

async function enlist(storage: Storage, told: Report): Promise<void> {
  if (!('enlist' in told)) return
  for (const { list, ...member } of told.enlist ?? []) await storage.setList(list, { add: [member] })
}

async function everybody(storage: Storage, list: string): Promise<ListedMember[]> {
  return (await storage.scanList(list, { max: 1_000_000 })).items
}
