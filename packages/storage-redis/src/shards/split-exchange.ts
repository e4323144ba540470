import type { Exchange, ExchangeReply, Fence, Fenced, Report } from '@outdial/core'
import type { JobPlace } from './job-places.js'

/** What one shard is asked in an exchange, and where its answers belong. */
export interface Part {
  readonly shard: number
  readonly reports: { items: Report[]; at: number[] }
  readonly fences: { items: Fence[]; at: number[] }
  /** Routes that its fences are for. */
  readonly routes: Set<string>
}

/** The job that a claim or a ref belongs to. */
export function jobOf(name: string): string {
  return name.slice(0, name.indexOf(':'))
}

/** The claims and refs that an exchange speaks of. */
export function namesIn({ reports, fences }: Exchange): string[] {
  return [
    ...reports.map((report) => ('ref' in report ? report.ref : report.claim)),
    ...fences.map(({ claim }) => claim),
  ]
}

/**
 * Divides the reports and fences of an exchange by the shards of its jobs. Every shard gets a part, if only an empty one: it counts
 * the exchanges of the channel, and does what is due by its clock.
 */
export function split(request: Exchange, shards: number, placeOf: (jobId: string) => JobPlace): Part[] {
  const parts = Array.from({ length: shards }, (_, shard): Part => {
    return { shard, reports: { items: [], at: [] }, fences: { items: [], at: [] }, routes: new Set() }
  })
  for (const [i, report] of request.reports.entries()) {
    const part = parts[placeOf(jobOf('ref' in report ? report.ref : report.claim)).shard] as Part
    part.reports.items.push(report)
    part.reports.at.push(i)
  }
  for (const [i, fence] of request.fences.entries()) {
    const { shard, route } = placeOf(jobOf(fence.claim))
    const part = parts[shard] as Part
    part.fences.items.push(fence)
    part.fences.at.push(i)
    if (route !== undefined) part.routes.add(route)
  }
  return parts
}

/** A pace that another shard has just taken is asked for again at once. */
const ELSEWHERE = 1e15
const AGAIN = 50

/** What a shard has answered; without a part, to claims only. */
export interface Answer {
  readonly part?: Part
  readonly reply: ExchangeReply
}

/** Puts together what the shards have answered, on the time of the one that is furthest. */
export function join(request: Exchange, answers: readonly Answer[]): ExchangeReply {
  const now = answers.reduce((max, { reply }) => Math.max(max, reply.now), 0)
  const reports: ('applied' | 'stale')[] = new Array(request.reports.length).fill('stale')
  const fences: Fenced[] = new Array(request.fences.length).fill({ status: 'gone' })
  const jobs = new Map<string, ExchangeReply['jobs'][number]>()
  let wakeAt = Number.POSITIVE_INFINITY
  for (const { part, reply } of answers) {
    const ahead = now - reply.now
    for (const [i, told] of reply.reports.entries()) reports[part?.reports.at[i] as number] = told
    for (const [i, told] of reply.fences.entries()) fences[part?.fences.at[i] as number] = later(told, ahead, now)
    // Claims come last: they may have changed a job once more.
    for (const job of reply.jobs) jobs.set(job.id, job)
    wakeAt = Math.min(wakeAt, reply.wakeAt < ELSEWHERE ? reply.wakeAt + ahead : Number.POSITIVE_INFINITY)
  }
  return {
    now,
    reports,
    fences,
    claims: answers.flatMap(({ reply: { claims, now: at } }) =>
      claims.map((group) => ({ ...group, leaseUntil: group.leaseUntil + now - at })),
    ),
    jobs: [...jobs.values()],
    wakeAt,
  }
}

/** An answer as of another shard's time: as far away as it was. */
function later(fenced: Fenced, ahead: number, now: number): Fenced {
  if (fenced.status === 'fenced') return { ...fenced, startAt: fenced.startAt + ahead, startBy: fenced.startBy + ahead }
  if (fenced.status === 'gone') return fenced
  const { retryAt } = fenced
  return {
    ...fenced,
    retryAt: retryAt >= ELSEWHERE && retryAt < Number.POSITIVE_INFINITY ? now + AGAIN : retryAt + ahead,
  }
}
