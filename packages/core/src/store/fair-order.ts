import type { JobEntry } from './records.js'
import type { MemberSet, Workspace } from './workspace.js'

/*
 * Who is served next (guarantee G7).
 *
 * Stride scheduling on two levels: organizations of a route by `turn`, then jobs of the organization by `turn`. A turn is
 * the starts that were given, divided by weight; the lowest is served and charged. Only those that may have something to
 * claim are in the order. Whoever comes back enters at the turn of the one served last at the earliest, so that a pause
 * is no credit.
 *
 * Whoever cannot be served is taken out and named as a waker: of a job's work (`j`), of its timers (`t`), of an
 * organization on a route (`o`), or of a whole route (`r`), which stays as it is and has its workers look again. Wakers
 * wait for a time (`wakes`) or for room under a limit (`parked`).
 */

const SEPARATOR = '\n'
export const jobWaker = (job: JobEntry): string => `j${SEPARATOR}${job.id}`
export const timerWaker = (job: JobEntry): string => `t${SEPARATOR}${job.id}`
export const organizationWaker = (job: JobEntry): string => `o${SEPARATOR}${job.route}${SEPARATOR}${job.organization}`
export const routeWaker = (job: JobEntry): string => `r${SEPARATOR}${job.route}`

/** Puts a job into the order if it may be claimed from. */
export function ready(ws: Workspace, job: JobEntry): void {
  if (!job.phase.dialable || job.sweep || job.batches.length === 0) return
  const jobs = ws.jobs(job.route, job.organization)
  if (jobs.score(job.id) !== undefined) return
  const organization = ws.organization(job.route, job.organization)
  job.turn = Math.max(job.turn, organization.floor)
  jobs.set(job.id, job.turn)
  if (ws.parked(organizationWaker(job)).empty) enterOrganization(ws, job.route, job.organization)
  ws.signal(job.route)
}

/** Takes a job out of the order. Its organization follows when it has nothing else. */
export function unready(ws: Workspace, job: JobEntry): void {
  const jobs = ws.jobs(job.route, job.organization)
  jobs.delete(job.id)
  if (jobs.empty) ws.organizations(job.route).delete(job.organization)
}

/** Takes a whole organization out of a route's order; its jobs keep their places within it. */
export function setOrganizationAside(ws: Workspace, job: JobEntry): void {
  ws.organizations(job.route).delete(job.organization)
  ws.parked(organizationWaker(job)).add('aside')
}

/** Charges starts to a job and its organization. */
export function charge(ws: Workspace, job: JobEntry, starts: number): void {
  const organization = ws.organization(job.route, job.organization)
  ws.setFloor(job.route, organization.turn)
  organization.floor = job.turn
  organization.turn += starts / organization.weight
  job.turn += starts / job.weight
  const organizations = ws.organizations(job.route)
  if (organizations.score(job.organization) !== undefined) organizations.set(job.organization, organization.turn)
  const jobs = ws.jobs(job.route, job.organization)
  if (jobs.score(job.id) !== undefined) jobs.set(job.id, job.turn)
}

/** Has a waker looked at no later than `at`. */
export function wakeAt(ws: Workspace, waker: string, at: number): void {
  const known = ws.wakes.score(waker)
  if (known === undefined || at < known) ws.wakes.set(waker, at)
}

/** Puts back whoever a waker names. Timers are not its business. */
export function wake(ws: Workspace, waker: string): void {
  const [kind, first, second] = waker.split(SEPARATOR) as [string, string, string]
  if (kind === 'o') {
    ws.parked(waker).drain()
    if (!ws.jobs(first, second).empty) {
      enterOrganization(ws, first, second)
      ws.signal(first)
    }
    return
  }
  if (kind === 'r') {
    ws.signal(first)
    return
  }
  const job = ws.job(first)
  if (job) ready(ws, job)
}

/** Wakes everybody who waits for a limit key. */
export function wakeAll(ws: Workspace, parked: MemberSet): void {
  if (parked.empty) return
  for (const waker of parked.drain()) wake(ws, waker)
}

function enterOrganization(ws: Workspace, route: string, id: string): void {
  const organizations = ws.organizations(route)
  if (organizations.score(id) !== undefined) return
  const organization = ws.organization(route, id)
  organization.turn = Math.max(organization.turn, ws.floor(route))
  organizations.set(id, organization.turn)
}
