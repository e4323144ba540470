import type { Change, Exchange, JobRecord, StoredEvent } from '@outdial/core'
import { changedLimits, type Patch, type Sabotage, single } from './sabotage.js'

/** Faults of single rules. */
const broken: readonly { name: string; harm: string; fails: readonly string[]; patch: Patch; events?: number }[] = [
  {
    name: 'allows one more than a limit of slots',
    harm: 'one call too many, always',
    fails: [
      'S-016',
      'S-041',
      'S-053',
      'S-054',
      'S-058',
      'S-065',
      'S-075',
      'S-080',
      'S-090',
      'S-121',
      'S-122',
      'S-235',
      'S-236',
    ],
    patch: changedLimits((limit) =>
      'slots' in limit && limit.slots > 0 ? { ...limit, slots: limit.slots + 1 } : limit,
    ),
  },
  {
    name: 'allows one more start at once than the burst',
    harm: 'a carrier that counts answers 429',
    fails: ['S-070', 'S-072', 'S-124', 'S-160', 'S-161', 'S-162', 'S-163', 'S-164', 'S-165', 'S-232', 'S-235', 'S-236'],
    patch: changedLimits((limit) => ('rate' in limit ? { ...limit, burst: limit.burst + 1 } : limit)),
  },
  {
    name: 'serves organizations in equal parts, whatever their weight',
    harm: 'who pays for more gets the same',
    fails: ['S-170'],
    patch: (inner) => ({ createJob: (job) => inner.createJob({ ...job, organizationWeight: 1 }) }),
  },
  {
    name: 'hears no more reports at once than it likes, those of progress included',
    harm: 'ends of calls get lost when there are many',
    fails: ['S-048'],
    patch: (inner) => ({
      exchange: (request) =>
        inner.exchange({ ...request, reports: request.reports.slice(0, inner.capabilities.batch) }),
    }),
  },
  {
    name: 'takes proof that nothing was placed for nothing',
    harm: 'people are not called because of calls that never were',
    fails: ['S-077', 'S-078', 'S-087', 'S-096', 'S-235'],
    patch: (inner) => ({
      exchange: (request) =>
        inner.exchange({
          ...request,
          reports: request.reports.map((told) => (told.kind === 'close' ? { ...told, placed: true } : told)),
        }),
    }),
  },
  {
    name: 'counts caps in windows that stand still',
    harm: 'twice as many calls around midnight',
    fails: ['S-076', 'S-235', 'S-236'],
    patch: (inner) => {
      let now = 0
      return {
        exchange: async (request) => {
          const key = (hold: Exchange['fences'][0]['all'][0]) =>
            hold.limit === 'cap' ? { ...hold, key: `${hold.key} ${Math.floor(now / 1000)}` } : hold
          const fences = request.fences.map((fence) => ({ ...fence, all: fence.all.map(key) }))
          const reply = await inner.exchange({ ...request, fences })
          now = reply.now
          return reply
        },
      }
    },
  },
  {
    name: 'leaves refusals out of the event log',
    harm: 'nobody can say why a person was not called',
    fails: ['S-070'],
    patch: changedEvents((events) => events.filter(({ data }) => data.type !== 'refused')),
  },
  {
    name: 'does not check revisions',
    harm: 'two people change a campaign, and one change is lost',
    fails: ['S-109', 'S-110', 'S-131'],
    patch: (inner) => ({ control: (jobId, change) => inner.control(jobId, change) }),
  },
  {
    name: 'leaves one job out between two pages',
    harm: 'a campaign that nobody sees',
    fails: ['S-145', 'S-146'],
    patch: (inner) => ({
      listJobs: async (query) => {
        const page = await inner.listJobs(query)
        return page.cursor === undefined ? page : { ...page, cursor: String(Number(page.cursor) + 1) }
      },
    }),
  },
  {
    name: 'leaves one task out between two pages',
    harm: 'results that are missing from an export',
    fails: ['S-147'],
    patch: (inner) => ({
      scanTasks: async (jobId, query) => {
        const page = await inner.scanTasks(jobId, query)
        return page.cursor === undefined ? page : { ...page, cursor: String(Number(page.cursor) + 1) }
      },
    }),
  },
  {
    name: 'lets late evidence overtake what is known',
    harm: 'an answered call rings again',
    fails: ['S-085', 'S-086', 'S-093', 'S-094'],
    patch: (inner) => {
      let rank = 100
      return {
        exchange: (request) =>
          inner.exchange({
            ...request,
            reports: request.reports.map((told) => (told.kind === 'progress' ? { ...told, rank: ++rank } : told)),
          }),
      }
    },
  },
  {
    name: 'trusts a suppression list however old it is',
    harm: 'people are called who have asked not to be',
    fails: ['S-064', 'S-067', 'S-224', 'S-225'],
    patch: (inner) => ({ setList: (list, { maxAgeMs: _, ...edit }) => inner.setList(list, edit) }),
  },
  {
    name: 'does not look at the end of the window',
    harm: 'a phone rings at a minute past nine in the evening',
    fails: ['S-063', 'S-067', 'S-135', 'S-136'],
    patch: (inner) => ({
      exchange: (request) =>
        inner.exchange({
          ...request,
          fences: request.fences.map((fence) => ({ ...fence, until: Number.POSITIVE_INFINITY })),
        }),
    }),
  },
  {
    name: 'fences by the rules of a job that has others by now',
    harm: 'people are called as often, and when, it was allowed before',
    fails: ['S-074'],
    patch: (inner) => {
      const specs = new Map<string, string>()
      const known = <Job extends JobRecord | undefined>(job: Job): Job => {
        const spec = job && specs.get(job.id)
        return spec === undefined ? job : { ...job, spec }
      }
      return {
        control: async (jobId, { spec, ...change }, ifRevision) => {
          const job = await inner.control(jobId, change, ifRevision)
          if (spec !== undefined) specs.set(jobId, spec)
          return known(job)
        },
        getJob: async (jobId) => known(await inner.getJob(jobId)),
        listJobs: async (query) => {
          const { items, ...page } = await inner.listJobs(query)
          return { ...page, items: items.map(known) }
        },
      }
    },
  },
  {
    name: 'takes the last caller id that is admitted, not the first',
    harm: 'calls come from the number that was meant as a last resort',
    fails: ['S-065', 'S-231'],
    patch: (inner) => ({
      exchange: async (request) => {
        const fences = request.fences.map((fence) => ({ ...fence, anyOf: fence.anyOf.toReversed() }))
        const reply = await inner.exchange({ ...request, fences })
        const turned = reply.fences.map((fenced, i) =>
          fenced.status === 'fenced' && fenced.choice >= 0
            ? { ...fenced, choice: (request.fences[i]?.anyOf.length ?? 0) - 1 - fenced.choice }
            : fenced,
        )
        return { ...reply, fences: turned }
      },
    }),
  },
  {
    name: 'offers tasks before their time',
    harm: 'a callback comes at once',
    fails: ['S-029'],
    patch: (inner) => ({
      stage: (jobId, batch, chunk) =>
        inner.stage(jobId, batch, { ...chunk, tasks: chunk.tasks.map(({ notBefore: _, ...task }) => task) }),
    }),
  },
  {
    name: 'accepts `durable` without being so',
    harm: 'a call is dialed whose fence is lost with the power',
    fails: ['S-004'],
    patch: (inner) => ({ exchange: ({ durable: _, ...request }) => inner.exchange(request) }),
  },
  {
    name: 'has workers sleep a second too long',
    harm: 'a callback at three comes later, and a paced campaign never reaches its pace',
    fails: ['S-029', 'S-047', 'S-084'],
    patch: (inner) => ({
      exchange: async (request) => {
        const reply = await inner.exchange(request)
        return { ...reply, wakeAt: reply.wakeAt + 1000 }
      },
    }),
  },
  {
    name: 'says nothing of events that it has trimmed',
    harm: 'a reader misses what happened, and does not know',
    fails: ['S-142'],
    events: 100,
    patch: (inner) => ({
      events: async (jobId, after, max) => {
        const page = await inner.events(jobId, after, max)
        return page.status === 'ok' ? page : inner.events(jobId, page.oldest - 1, max)
      },
    }),
  },
  {
    name: 'goes by the clock of its client, back as well as forth',
    harm: 'leases, windows and caps go wrong when a clock is set',
    fails: ['S-040', 'S-043'],
    patch: (inner) => {
      let now = () => 0
      return {
        open: async (host) => {
          now = () => host.clock.now()
          await inner.open(host)
        },
        exchange: async (request) => ({ ...(await inner.exchange(request)), now: now() }),
      }
    },
  },
  {
    name: 'forgets to count what a note corrects downwards',
    harm: 'a budget that is used up too early',
    fails: ['S-079', 'S-235'],
    patch: (inner) => ({
      exchange: (request) =>
        inner.exchange({
          ...request,
          reports: request.reports.map((told) =>
            told.kind === 'note' && told.spent ? { ...told, spent: told.spent.filter(({ n }) => n > 0) } : told,
          ),
        }),
    }),
  },
  {
    name: 'closes attempts for who has not heard what was noted of them',
    harm: 'a wish to be called back is lost, when the call ends in that moment',
    fails: ['S-095', 'S-230', 'S-240'],
    patch: (inner) => ({
      exchange: (request) =>
        inner.exchange({
          ...request,
          reports: request.reports.map((told) => (told.kind === 'close' ? { ...told, heard: 1_000_000 } : told)),
        }),
    }),
  },
  {
    name: 'tells the calls of an exchange to have ended as the first of them did',
    harm: 'whoever follows the events books answers that were none',
    fails: ['S-096', 'S-141'],
    patch: (inner) => ({
      events: async (jobId, after, max) => {
        const page = await inner.events(jobId, after, max)
        if (page.status !== 'ok') return page
        const first = new Map<number, object>()
        const events = page.events.map((event) => {
          if (event.data.type !== 'ended') return event
          const { terminal, reason } = event.data
          const how = first.get(event.at) ?? { terminal, reason }
          first.set(event.at, how)
          return { ...event, data: { ...event.data, ...how } }
        })
        return { ...page, events }
      },
    }),
  },
  {
    name: 'shows tasks before their batch is sealed',
    harm: 'half a list is called, and then broken off',
    fails: ['S-020'],
    patch: (inner) => {
      const staged = new Map<string, number>()
      return {
        stage: async (jobId, batch, chunk) => {
          const made = await inner.stage(jobId, batch, chunk)
          staged.set(jobId, made.first + made.accepted)
          return made
        },
        seal: async (jobId, ...more) => inner.seal(jobId, ...more).finally(() => staged.delete(jobId)),
        getTask: async (jobId, index) => {
          const task = await inner.getTask(jobId, index)
          if (task || index >= (staged.get(jobId) ?? 0)) return task
          return { jobId, index, place: 'fresh', attempts: 0, lane: 0, results: [] }
        },
      }
    },
  },
  {
    name: 'changes a task also for whom a note was known',
    harm: 'a webhook that comes twice moves a callback back',
    fails: ['S-117'],
    patch: (inner) => ({
      control: (jobId, { task: { unlessNoted: _, ...task } = {}, ...change }, ...more) =>
        inner.control(jobId, { ...change, ...('next' in task && { task }) } as Change, ...more),
    }),
  },
]

export const RULES: readonly Sabotage[] = broken.map(({ patch, events, ...rest }) => ({
  ...rest,
  underFaults: false,
  make: single(patch, events),
}))

function changedEvents(change: (events: StoredEvent[]) => StoredEvent[]): Patch {
  return (inner) => ({
    events: async (jobId, after, max) => {
      const page = await inner.events(jobId, after, max)
      return page.status === 'ok' ? { ...page, events: change(page.events) } : page
    },
  })
}
