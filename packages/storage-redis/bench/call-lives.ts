import type { Clock, ExchangeReply, Fence, Gate, Hold, Limit, NewJob, Report, Storage } from '@outdial/core'

/** What calls are lived, and how. */
export interface Shape {
  tasks: number
  jobs: number
  /** Calls under way at once, fenced and not ended. */
  concurrency: number
  /** Suppression, a rolling cap, three caller ids to choose from, and money. */
  guards: boolean
  /** Whether every policy has its guards: three lists, two caps, two budgets, three caller ids of three limits, a ledger. */
  policies?: boolean
  /** Whether the carrier's acceptance is told by itself, before the end. */
  placed: boolean
  /** Exchanges that a call lasts, at most; drawn for each. 0: it has ended before the next one. */
  lasts: number
  /** Conversations with the store. */
  channels: number
}

/** The time of this machine. */
export const clock: Clock = {
  now: () => Date.now(),
  monotonic: () => performance.now(),
  setTimeout: (run, ms) => setTimeout(run, ms),
  clearTimeout: (timer) => clearTimeout(timer as NodeJS.Timeout),
}

/** Numbers that look random, the same ones every time. */
export function seeded(seed: number): { next(): number } {
  let state = seed
  return {
    next() {
      state = (state + 0x6d2b79f5) | 0
      let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
      mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
      return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32
    },
  }
}

const ROUTE = 'carrier'
const ORGANIZATIONS = 5
const FROM = Array.from({ length: 30 }, (_, i) => `+1202555${String(100 + i).padStart(4, '0')}`)
const FIRST = ['Ann', 'José', 'Velvet', 'Noodle', 'Chloë', 'Gizmo', 'Maria', 'Wanda']
const LAST = ['Snickerdoodle', 'Cloudberry', 'Quillfeather', 'Featherstonehaugh', 'Ng', 'Müller', 'Okafor']

/** The engine's limits of a job, with both keys of each. */
function gates(jobId: string, organization: string): Gate[] {
  const gate = (blocks: Gate['blocks'], name: string): Gate => ({
    blocks,
    slots: `slots:${name}`,
    rate: `rate:${name}`,
  })
  return [
    gate('job', `job:${jobId}`),
    gate('organization', `organization:${organization}`),
    gate('route', `route:${ROUTE}`),
    gate('route', 'everything'),
  ]
}

const nameOf = (job: number) => `job_${String(job).padStart(20, '0')}`
const organizationOf = (job: number) => `organization_${job % ORGANIZATIONS}`
const phoneOf = (job: number, index: number) => `+1${2012000000 + job * 1_000_000 + index}`

/** Makes the jobs and loads their contacts. */
export async function load(storage: Storage, { tasks, jobs, guards, policies }: Shape): Promise<void> {
  const random = seeded(7)
  const each = Math.floor(tasks / jobs)
  if (guards) await storage.setLimits(guardLimits())
  if (policies) await storage.setLimits(policyLimits(jobs))
  for (let job = 0; job < jobs; job++) {
    const id = nameOf(job)
    const organization = organizationOf(job)
    const wanted: NewJob = {
      id,
      organization,
      route: ROUTE,
      spec: '{}',
      weight: 1,
      organizationWeight: 1,
      gates: gates(id, organization),
      limits: [{ key: `slots:job:${id}`, revision: 1, slots: 10_000 }],
      dedupe: true,
      phase: {
        state: 'queued',
        dialable: true,
        onClaim: { state: 'running', dialable: true, onDrained: { state: 'completed', dialable: false } },
        onDrained: { state: 'completed', dialable: false },
      },
      timers: {},
    }
    await storage.createJob(wanted)
    await storage.openBatch(id, 'b', 'b')
    const lane = { lane: 0, name: '', priority: 0, open: null }
    for (let seq = 0, done = 0; done < each; seq++) {
      const size = Math.min(512, each - done)
      const chunk = Array.from({ length: size }, (_, i) => {
        const phone = phoneOf(job, done + i)
        const name = `${FIRST[Math.floor(random.next() * 8)]} ${LAST[Math.floor(random.next() * 7)]}`
        const data = { crm: Math.floor(random.next() * 2 ** 40).toString(36), due: Math.floor(random.next() * 50_000) }
        return { key: phone.slice(1), payload: JSON.stringify({ phone, name, data }) }
      })
      await storage.stage(id, 'b', { seq, lane, tasks: chunk })
      done += size
    }
    await storage.seal(id, 'b', each, '')
  }
}

function guardLimits(): Limit[] {
  const limits: Limit[] = []
  for (let i = 0; i < ORGANIZATIONS; i++) {
    limits.push({ key: `cap:organization_${i}`, revision: 1, cap: 3, windowMs: 86_400_000 })
    limits.push({ key: `money:organization_${i}`, revision: 1, money: 1_000_000_000 })
  }
  for (const from of FROM) limits.push({ key: `slots:from:${from}`, revision: 1, slots: 1000 })
  return limits
}

/** What every policy at once limits. */
function policyLimits(jobs: number): Limit[] {
  const limits = guardLimits()
  for (let i = 0; i < ORGANIZATIONS; i++) {
    limits.push({ key: `cap:week:organization_${i}`, revision: 1, cap: 7, windowMs: 7 * 86_400_000 })
    for (const from of FROM) {
      limits.push({ key: `cap:from:organization_${i}:${from}`, revision: 1, cap: 100_000, windowMs: 86_400_000 })
      limits.push({ key: `slots:from:organization_${i}:${from}`, revision: 1, slots: 1000 })
    }
  }
  for (let job = 0; job < jobs; job++) limits.push({ key: `money:${nameOf(job)}`, revision: 1, money: 1_000_000_000 })
  return limits
}

/** Fills the lists that guards look at. */
export async function suppress(storage: Storage): Promise<void> {
  const members = Array.from({ length: 10_000 }, (_, i) => `+1404555${String(i).padStart(5, '0')}`)
  await storage.setList('everybody', { add: members })
  for (let i = 0; i < ORGANIZATIONS; i++) await storage.setList(`organization_${i}`, { add: members.slice(0, 1000) })
}

/** What became of a run. */
export interface Lived {
  exchanges: number
  ended: number
  seconds: number
  nodeCpu: number
}

interface Live {
  ref: string
  at: number
  fencedAt: number
  told: boolean
}

/** Lives all calls that the jobs have, as a worker does: claims, fences, tells of the start and of the end. */
export async function live(storage: Storage, shape: Shape): Promise<Lived> {
  const cpu = process.cpuUsage()
  const from = performance.now()
  const told = await Promise.all(
    Array.from({ length: shape.channels }, (_, i) =>
      converse(storage, shape, i, Math.floor(shape.concurrency / shape.channels)),
    ),
  )
  const { user, system } = process.cpuUsage(cpu)
  const sum = (key: 'exchanges' | 'ended') => told.reduce((total, one) => total + one[key], 0)
  return {
    exchanges: sum('exchanges'),
    ended: sum('ended'),
    seconds: (performance.now() - from) / 1000,
    nodeCpu: user + system,
  }
}

async function converse(storage: Storage, shape: Shape, number: number, concurrency: number) {
  const { batch } = storage.capabilities
  const random = seeded(number + 1)
  const reports: Report[] = []
  const fences: Fence[] = []
  const lives: Live[] = []
  let ended = 0
  let claimed = 0
  let seq = 0
  let empty = 0
  while (empty < 2) {
    const now = Date.now()
    // Ends, and starts told by themselves, of whoever's time has come.
    for (let i = 0; i < lives.length && reports.length < batch; ) {
      const call = lives[i] as Live
      if (shape.placed && !call.told) {
        call.told = true
        reports.push({
          kind: 'progress',
          ref: call.ref,
          rank: 20,
          state: 'queued',
          callId: `call-${call.ref}`,
          checkAt: call.fencedAt + 600_000,
        })
      }
      if (call.at > seq || reports.length === batch) {
        i++
        continue
      }
      lives[i] = lives.at(-1) as Live
      lives.pop()
      ended++
      reports.push(endOf(call, now, shape))
    }
    const saying = fences.splice(0, batch)
    const max = Math.min(batch, concurrency - lives.length - claimed + saying.length)
    const reply: ExchangeReply = await storage.exchange({
      channel: `bench-${number}`,
      seq: ++seq,
      reports: reports.splice(0),
      fences: saying,
      claims: max > 0 ? [{ route: ROUTE, max, leaseMs: 10_000 }] : [],
    })
    claimed -= saying.length
    for (const fenced of reply.fences) {
      if (fenced.status !== 'fenced') throw new Error(JSON.stringify(fenced))
      lives.push({
        ref: fenced.ref,
        at: seq + Math.floor(random.next() * (shape.lasts + 1)),
        fencedAt: fenced.startAt,
        told: false,
      })
    }
    for (const group of reply.claims) {
      for (const { claim, index } of group.tasks) {
        claimed++
        fences.push(fenceOf(claim, Number(group.jobId.slice(4)), index, shape))
      }
    }
    empty = lives.length + claimed + reply.claims.length === 0 ? empty + 1 : 0
  }
  return { exchanges: seq, ended }
}

const NONE: readonly never[] = []

function fenceOf(claim: string, job: number, index: number, { guards, policies }: Shape): Fence {
  const memo =
    '{"from":["+12025550100"],"life":720000,"retry":{"attempts":0},"decision":{"version":"3","rules":["window"]}}'
  if (!guards && !policies)
    return { claim, all: NONE, anyOf: NONE, absent: NONE, until: Number.POSITIVE_INFINITY, checkAfter: 30_000, memo }
  const organization = organizationOf(job)
  const member = phoneOf(job, index)
  if (policies) {
    const own = (nth: number): Hold[] => {
      const from = `${organization}:${FROM[(index * 7 + nth * 11) % FROM.length]}`
      const closed = { key: `closed:from:${from}`, n: 0 }
      return [closed, { key: `slots:from:${from}`, n: 1 }, { key: `cap:from:${from}`, n: 1 }]
    }
    return {
      claim,
      all: [
        { key: `cap:${organization}:${member}`, limit: `cap:${organization}`, n: 1 },
        { key: `cap:week:${organization}:${member}`, limit: `cap:week:${organization}`, n: 1 },
        { key: `money:${organization}`, n: 12 },
        { key: `money:${nameOf(job)}`, n: 12 },
      ],
      anyOf: [own(0), own(1), own(2)],
      absent: ['everybody', organization, `cooldown:${organization}`].map((list) => ({ list, member })),
      until: Number.POSITIVE_INFINITY,
      checkAfter: 30_000,
      memo,
    }
  }
  const callerId = (nth: number): Hold[] => [{ key: `slots:from:${FROM[(index * 7 + nth * 11) % FROM.length]}`, n: 1 }]
  return {
    claim,
    all: [
      { key: `cap:${organization}:${member}`, limit: `cap:${organization}`, n: 1 },
      { key: `money:${organization}`, n: 12 },
    ],
    anyOf: [callerId(0), callerId(1), callerId(2)],
    absent: [
      { list: 'everybody', member },
      { list: organization, member },
    ],
    until: Number.POSITIVE_INFINITY,
    checkAfter: 30_000,
    memo,
  }
}

function endOf({ ref, fencedAt }: Live, now: number, { guards, policies }: Shape): Report {
  const entry = `{"from":"+12025550100","to":"+12025550123","at":${fencedAt},"seconds":31,"outcome":"answered"}`
  return {
    kind: 'close',
    ref,
    placed: true,
    outcome: 'answered',
    result: `{"ref":"${ref}","attempt":1,"from":"+12025550100","to":"+12025550123","state":"ended","fencedAt":${fencedAt},"outcome":"answered","duration":31,"endedAt":${now},"placed":true}`,
    next: { terminal: 'succeeded', reason: 'answered' },
    ...((guards || policies) && { spent: 7 }),
    ...(policies && { ledger: entry }),
  }
}
