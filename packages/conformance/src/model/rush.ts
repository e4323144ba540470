import assert from 'node:assert/strict'
import { type ExchangeReply, isOutdialError, type Report, type Storage } from '@outdial/core'
import fc from 'fast-check'
import type { Session } from '../session.js'
import { chunk, newJob } from '../support/jobs.js'
import { queued } from '../support/phases.js'
import { sleep } from '../support/real-clock.js'
import { closed, fenceOf } from '../support/worker.js'
import { judgeEnd } from './rush-end.js'

/** What becomes of an exchange: its reply is lost and it is sent again, or its worker dies, or freezes, right after it. */
const fate = fc.constantFrom<'fine' | 'lost' | 'dies' | 'freezes'>(
  'fine',
  'fine',
  'fine',
  'lost',
  'lost',
  'dies',
  'freezes',
)

const round = fc.record({
  fate,
  fence: fc.boolean(),
  close: fc.constantFrom<'all' | 'some' | 'none'>('all', 'all', 'some', 'none'),
  again: fc.boolean(),
  max: fc.integer({ min: 1, max: 6 }),
})

/** What up to four workers do at the same time. */
export interface Rush {
  workers: {
    fate: 'fine' | 'lost' | 'dies' | 'freezes'
    fence: boolean
    close: 'all' | 'some' | 'none'
    again: boolean
    max: number
  }[][]
  slots: number
  caller: number
  cap: number
  tasks: number
}

export const rushes: fc.Arbitrary<Rush> = fc.record({
  workers: fc.array(fc.array(round, { minLength: 2, maxLength: 12 }), { minLength: 2, maxLength: 4 }),
  slots: fc.integer({ min: 1, max: 6 }),
  caller: fc.integer({ min: 1, max: 3 }),
  cap: fc.integer({ min: 1, max: 12 }),
  tasks: fc.integer({ min: 1, max: 14 }),
})

const LEASE = 500
const KEY = 'the same request'

/** What the workers know of each other, only to judge them: no more than what they were told. */
export interface Known {
  jobId: string
  /** Calls that were granted and not yet reported as over: at most as many as are live. */
  readonly live: Set<string>
  /** Every ref, and every claim, that was given. */
  readonly refs: Set<string>
  readonly claims: Set<string>
  /** Closings that were answered as applied, by ref. */
  readonly closed: Map<string, number>
}

/** Workers that create the same job, load its tasks and work on it, all at the same time. */
export async function rush(session: Session, plan: Rush, scheduler: fc.Scheduler): Promise<void> {
  const { storage } = session
  await storage.setLimits([
    { key: 'slots:acme', revision: 1, slots: plan.slots },
    { key: 'slots:caller', revision: 1, slots: plan.caller },
    { key: 'cap', revision: 1, cap: plan.cap, windowMs: 1e9 },
  ])
  const known: Known = { jobId: '', live: new Set(), refs: new Set(), claims: new Set(), closed: new Map() }
  const clients: Storage[] = [storage]
  while (clients.length < plan.workers.length) clients.push(await session.second())
  const later = (): Promise<void> => scheduler.schedule(Promise.resolve())
  const workers = plan.workers.map(async (rounds, w) => {
    const client = clients[w] as Storage
    await later()
    await create(client, w, plan.tasks, known, later)
    await work(session, client, w, rounds, plan, known, later)
  })
  await scheduler.waitFor(Promise.all(workers))
  await judgeEnd(session, plan, known)
}

/** Asks for the same job as everybody else, and loads its tasks if nobody else has. */
async function create(
  storage: Storage,
  w: number,
  tasks: number,
  known: Known,
  later: () => Promise<void>,
): Promise<void> {
  const { job } = await storage.createJob(
    newJob({ id: `job${w}`, phase: queued, idempotencyKey: KEY, fingerprint: 'f', dedupe: true }),
  )
  assert.ok(known.jobId === '' || known.jobId === job.id, `G10: the same request made ${known.jobId} and ${job.id}`)
  known.jobId = job.id
  const half = Math.ceil(tasks / 2)
  const keys = Array.from({ length: tasks }, (_, i) => `1202555${String(i).padStart(4, '0')}`)
  for (let attempt = 0; ; attempt++) {
    const batch = `batch${w}.${attempt}`
    try {
      const { status } = await storage.openBatch(job.id, batch, 'first')
      if (status === 'sealed') return
      await later()
      await storage.stage(job.id, batch, chunk(0, keys.slice(0, half)))
      await later()
      await storage.stage(job.id, batch, chunk(1, keys.slice(half)))
      await later()
      await storage.seal(job.id, batch, tasks, '')
      return
    } catch (error) {
      // Another has taken the place of this one: whoever is last wins, and everybody finds it sealed.
      if (!isOutdialError(error, 'batch_discarded')) throw error
      assert.ok(attempt < 50, 'a batch that is never sealed')
      await later()
      // Clients of a server may go in step, and discard each other's batches for ever: one lets the other pass.
      if (attempt > 2) await sleep(w * attempt)
    }
  }
}

async function work(
  session: Session,
  storage: Storage,
  w: number,
  rounds: Rush['workers'][0],
  plan: Rush,
  known: Known,
  later: () => Promise<void>,
): Promise<void> {
  let lives = 0
  let seq = 0
  let claims: string[] = []
  let refs: string[] = []
  for (const { fate, fence, close, again, max } of rounds) {
    await later()
    const over = close === 'none' ? [] : close === 'some' ? refs.slice(0, 1) : refs
    const next = again ? { waitUntil: 0 } : ({ terminal: 'succeeded', reason: 'answered' } as const)
    const reports: Report[] = over.flatMap((ref) => [
      { kind: 'note', ref, id: 'n', data: '', spent: [{ key: 'noted', n: 1 }] },
      closed(ref, { next }),
    ])
    const hold = { all: [{ key: 'cap:x', limit: 'cap', n: 1 }], anyOf: [[{ key: 'slots:caller', n: 1 }]] }
    const request = {
      channel: `worker${w}.${lives}`,
      seq: ++seq,
      reports,
      fences: fence ? claims.map((claim) => fenceOf(claim, hold)) : [],
      claims: [{ route: 'r1', max, leaseMs: LEASE }],
    }
    for (const ref of over) known.live.delete(ref)
    const first = storage.exchange(request)
    const reply = fate === 'lost' ? await lost(first, () => storage.exchange(request), later) : await first
    refs = refs.filter((ref) => !over.includes(ref))
    learn(request, reply, plan, known)
    refs.push(...reply.fences.flatMap((fenced) => (fenced.status === 'fenced' ? [fenced.ref] : [])))
    claims = reply.claims.flatMap(({ tasks }) => tasks.map(({ claim }) => claim))
    if (fate === 'dies') {
      lives++
      seq = 0
      claims = []
      refs = []
    }
    if (fate === 'freezes') {
      await later()
      await session.pass(LEASE)
    }
  }
}

/** The reply never arrives, so the request is sent again, after others were served. */
async function lost(
  first: Promise<ExchangeReply>,
  again: () => Promise<ExchangeReply>,
  later: () => Promise<void>,
): Promise<ExchangeReply> {
  const unseen = await first
  await later()
  const reply = await again()
  assert.deepEqual(reply, unseen, 'G10: sent again, it was answered differently')
  return reply
}

function learn({ reports }: { reports: readonly Report[] }, reply: ExchangeReply, plan: Rush, known: Known): void {
  for (const [i, report] of reports.entries()) {
    if (report.kind !== 'close' || reply.reports[i] !== 'applied') continue
    known.closed.set(report.ref, (known.closed.get(report.ref) ?? 0) + 1)
  }
  for (const { tasks } of reply.claims) {
    for (const { claim } of tasks) {
      assert.ok(!known.claims.has(claim), `claim ${claim} was given twice`)
      known.claims.add(claim)
    }
  }
  for (const fenced of reply.fences) {
    if (fenced.status !== 'fenced') continue
    assert.ok(!known.refs.has(fenced.ref), `G1: ${fenced.ref} was given twice`)
    known.refs.add(fenced.ref)
    known.live.add(fenced.ref)
  }
  assert.ok(known.live.size <= Math.min(plan.slots, plan.caller), `G4: ${known.live.size} live calls at least`)
}
