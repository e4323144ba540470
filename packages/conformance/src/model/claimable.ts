import { fits, startsWithin } from './pace.js'
import { tick } from './rules.js'
import { isWaiting, limitOf, type ModelJob, type ModelTask, used, visible, type World } from './world.js'

/** Claims are made for the starts of so many milliseconds. */
const PREFETCH = 1000

/** How many claims every gate of a job has room for. `slack` moves the end of the prefetch, for rounding. */
export function room(world: World, job: ModelJob, slack: number): number {
  let n = Number.POSITIVE_INFINITY
  for (const gate of job.gates) {
    const { rule } = limitOf(world, gate.slots)
    if ('closedUntil' in rule && rule.closedUntil > world.now) n = 0
    if ('slots' in rule) n = Math.min(n, rule.slots - used(world, gate.slots))
    if ('rate' in limitOf(world, gate.rate).rule) {
      n = Math.min(n, startsWithin(world, gate.rate, PREFETCH + slack) - claims(world, gate.slots))
    }
  }
  return n
}

/** Whether this task may be claimed now, limits aside. */
export function ready(world: World, job: ModelJob, task: ModelTask): boolean {
  if (!job.phase.dialable || job.sweep || !isWaiting(task) || task.waitUntil > world.now) return false
  const lane = job.lanes.find((each) => each.lane === task.lane)
  return lane !== undefined && within(lane.open, world.now)
}

/** A task of a route that has to be claimed when somebody asks, as `job:index`. */
export function claimable(world: World, route: string): string | undefined {
  for (const job of visible(world)) {
    if (job.route !== route || !job.phase.dialable) continue
    const index = job.tasks.findIndex((task) => ready(world, job, task))
    if (index >= 0 && room(world, job, -1) >= 1) return `${job.id}:${index}`
  }
  return undefined
}

/** The world as it will be at a time if nobody does anything. */
export function ahead(world: World, at: number): World {
  const then = { ...world, now: at }
  if (![...world.jobs.values()].some((job) => comesDue(job, at))) return then
  then.jobs = structuredClone(world.jobs)
  tick(then)
  return then
}

/** Whether time changes a job by then. */
function comesDue({ timers, tasks }: ModelJob, at: number): boolean {
  const { start, expiry } = timers
  return (
    (start?.at ?? at + 1) <= at || (expiry?.at ?? at + 1) <= at || tasks.some(({ claim }) => claim && claim.until <= at)
  )
}

/** Whether time alone makes something of these routes claimable before `until`; says when and what. */
export function claimableBefore(world: World, routes: readonly string[], until: number): string | undefined {
  let then = world
  for (let at = nextInstant(then, until); at !== undefined; at = nextInstant(then, until)) {
    then = ahead(then, at)
    for (const route of routes) {
      const found = claimable(then, route)
      if (found) return `${found} at ${at}`
    }
  }
  return undefined
}

/** The first instant after now and before `until` at which time changes anything. */
function nextInstant(world: World, until: number): number | undefined {
  let next = Number.POSITIVE_INFINITY
  const consider = (at: number | undefined): void => {
    if (at !== undefined && at > world.now && at < next) next = at
  }
  for (const job of visible(world)) {
    consider(job.timers.start?.at)
    consider(job.timers.expiry?.at)
    for (const { open } of job.lanes) for (const [i, at] of (open ?? []).entries()) if (i % 2 === 0) consider(at)
    for (const task of job.tasks) {
      consider(task.claim?.until)
      if (isWaiting(task)) consider(task.waitUntil)
    }
    for (const gate of job.gates) {
      consider(Math.ceil(fits(world, gate.rate, claims(world, gate.slots) + 1, PREFETCH - 1)))
    }
  }
  return next < until ? next : undefined
}

function claims(world: World, key: string): number {
  let n = 0
  for (const job of world.jobs.values()) {
    const gates = job.gates.filter((gate) => gate.slots === key).length
    if (gates > 0) n += gates * job.tasks.filter(({ place }) => place === 'claimed').length
  }
  return n
}

function within(open: readonly number[] | null, now: number): boolean {
  if (open === null) return true
  return open.some((from, i) => i % 2 === 0 && from <= now && now < (open[i + 1] as number))
}
