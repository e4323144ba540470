import type { Fence, Fenced, Hold } from '@outdial/core'
import { earliest, start } from './pace.js'
import { listedUntil } from './people.js'
import { claimedTask, limitOf, live, type ModelHeld, type ModelJob, type ModelTask, used, type World } from './world.js'

/** A start may be granted so far ahead, and is used within so long or never. */
const AHEAD = 50
const START_WITHIN = 2000
const EPSILON = 1e-3

/**
 * Judges what a store answered to a fence, and does it. The store may refuse only for reasons that are true, and must
 * refuse whatever is not admitted; when exactly a start is granted is its own business within what the pace allows.
 */
export function judgeFence(world: World, request: Fence, reply: Fenced): void {
  const claim = claimedTask(world, request.claim)
  must(
    (reply.status === 'gone') === (claim === undefined),
    `claim ${request.claim} is ${claim ? '' : 'not '}held, and was ${reply.status}`,
  )
  if (!claim || reply.status === 'gone') return
  const { job, task, index } = claim
  if (task.claim?.outdated) {
    const told = reply.status === 'refused' ? reply.reasons : ['nothing']
    must(told.length === 1 && told[0] === 'changed', `G6: a claim from before a change was refused for ${told}`)
    return
  }
  if (reply.status === 'refused') {
    must(reply.reasons.length > 0, 'refused without a reason')
    must(reply.retryAt >= world.now, 'to be tried again in the past')
    for (const reason of reply.reasons) {
      const end = reason.startsWith('list:')
        ? listedUntil(world, reason.slice(5), memberOf(request, reason.slice(5)))
        : 0
      must(reply.retryAt >= end, `to be tried again while still on ${reason}`)
      must(refuses(world, job, task, request, reason), `refused for ${reason}, which is not true`)
    }
    const paces = job.gates.map(({ rate }) => rate)
    const late = reply.retryAt > startsFrom(world, job) + EPSILON
    must(
      !late || !reply.reasons.every((reason) => paces.includes(reason)),
      'to be tried again later than its pace allows',
    )
    return
  }

  const { startAt, startBy, ref, attempt, choice } = reply
  must(job.phase.dialable, `G6: fenced while ${job.phase.state}`)
  must(startAt >= world.now && startAt <= world.now + AHEAD, `starts at ${startAt}, now is ${world.now}`)
  const until = Math.min(request.until, job.timers.expiry?.at ?? Number.POSITIVE_INFINITY)
  must(startAt < until, 'starts when it may not any more')
  const closes = closesAt(job, task, startAt)
  must(closes > startAt, 'G6: starts when its lane is closed')
  must(startBy === Math.min(startAt + START_WITHIN, until, closes), 'may be started for too long')
  must(attempt === task.attempts + 1, `attempt ${attempt} after ${task.attempts}`)
  must(ref.startsWith(`${job.id}:${index}:${attempt}:`), `${ref} is not of this attempt`)
  must(!world.refs.includes(ref), `G1: ${ref} was given twice`)
  for (const { list, member } of request.absent) {
    must(
      !listed(world, list, member, startAt) && !stale(world, list),
      `G6: fenced though on list ${list} or the list is stale`,
    )
  }
  for (const gate of job.gates) {
    const { rule } = limitOf(world, gate.slots)
    must(!('slots' in rule) || live(world, gate.slots) < rule.slots, `G4: a start although ${gate.slots} is full`)
    must(
      earliest(world, gate.rate) <= startAt + EPSILON,
      `G5: ${gate.rate} may not start before ${earliest(world, gate.rate)}`,
    )
  }
  const held: ModelHeld[] = []
  for (const hold of request.all) {
    must(admits(world, hold, startAt, held), `G4: ${hold.key} was taken although it is exhausted`)
    if (hold.n > 0) held.push(taken(world, hold, startAt))
  }
  if (request.anyOf.length === 0) must(choice === -1, 'chose where there is no choice')
  else {
    const chosen = request.anyOf[choice]
    must(chosen !== undefined, `there is no alternative ${choice}`)
    for (const before of request.anyOf.slice(0, choice)) {
      must(!admitsAll(world, before, world.now, held), 'a better alternative was admitted and left aside')
    }
    for (const hold of chosen ?? []) {
      must(admits(world, hold, startAt, held), `G4: ${hold.key} was taken although it is exhausted`)
      if (hold.n > 0) held.push(taken(world, hold, startAt))
    }
  }

  for (const gate of job.gates) start(world, gate.rate, startAt)
  for (const { kind, limit, key, n } of held) {
    if (kind === 'rate') start(world, limit, startAt)
    if (kind !== 'cap') continue
    const stamps = limitOf(world, limit).stamps
    stamps.set(key, [...(stamps.get(key) ?? []), ...new Array<number>(n).fill(startAt)])
  }
  const { memo, checkAfter } = request
  const { now } = world
  delete task.claim
  task.place = 'active'
  task.attempts = attempt
  task.live = {
    ref,
    attempt,
    rank: 0,
    state: 'fenced',
    unknown: false,
    choice,
    startBy,
    fencedAt: now,
    checkAt: startBy + checkAfter,
    since: now,
    memo,
    held,
  }
  job.fenced++
  world.refs.push(ref)
}

/** The end of the interval in which a task's lane is open at `at`; 0 when it is closed. */
function closesAt({ lanes }: ModelJob, task: ModelTask, at: number): number {
  const open = lanes.find(({ lane }) => lane === task.lane)?.open
  if (open === null) return Number.POSITIVE_INFINITY
  for (let i = 0; i + 1 < (open?.length ?? 0); i += 2) {
    const [from, until] = [open?.[i] as number, open?.[i + 1] as number]
    if (from <= at && at < until) return until
  }
  return 0
}

/** Whether a reason for a refusal is true. */
function refuses(world: World, job: ModelJob, task: ModelTask, request: Fence, reason: string): boolean {
  if (!job.phase.dialable && reason === job.phase.state) return true
  if (reason === 'lane') {
    // A start that is granted a rounding before or after the edge of an interval is either in it or not.
    const at = startsFrom(world, job)
    return [at - EPSILON, at, at + EPSILON].some((instant) => closesAt(job, task, instant) <= instant)
  }
  const until = Math.min(request.until, job.timers.expiry?.at ?? Number.POSITIVE_INFINITY)
  if (reason === 'until') return startsFrom(world, job) + EPSILON >= until
  if (reason.startsWith('list:')) return listed(world, reason.slice(5), memberOf(request, reason.slice(5)), world.now)
  if (reason.startsWith('list_stale:')) return stale(world, reason.slice(11))
  for (const gate of job.gates) {
    const { rule } = limitOf(world, gate.slots)
    if (reason === gate.slots && 'slots' in rule && live(world, gate.slots) >= rule.slots) return true
    if (reason === gate.slots && 'closedUntil' in rule && rule.closedUntil > world.now) return true
    if (reason === gate.rate && earliest(world, gate.rate) > world.now) return true
  }
  if (
    !admitsAll(
      world,
      request.all.filter((hold) => (hold.limit ?? hold.key) === reason),
      world.now,
      [],
    )
  )
    return true
  // All alternatives are refused, and this is why one of them is.
  if (
    request.anyOf.some((holds) =>
      admitsAll(
        world,
        holds,
        world.now,
        request.all.map((hold) => taken(world, hold, world.now)),
      ),
    )
  )
    return false
  return request.anyOf.some((holds) => holds.some((hold) => (hold.limit ?? hold.key) === reason))
}

/** Whether holds fit, one on top of the other and of what is about to be taken. */
function admitsAll(world: World, holds: readonly Hold[], at: number, before: readonly ModelHeld[]): boolean {
  const held = [...before]
  for (const hold of holds) {
    if (!admits(world, hold, at, held)) return false
    held.push(taken(world, hold, at))
  }
  return true
}

function admits(world: World, hold: Hold, at: number, before: readonly ModelHeld[]): boolean {
  const key = hold.limit ?? hold.key
  const { rule, stamps } = limitOf(world, key)
  const same = before.filter(
    (each) => each.limit === key && ((each.kind !== 'cap' && each.kind !== 'money') || each.key === hold.key),
  )
  const n = hold.n + same.reduce((sum, each) => sum + each.n, 0)
  if ('slots' in rule) return used(world, key) + n <= rule.slots
  if ('money' in rule) return used(world, hold.key) + limitOf(world, hold.key).spent + n <= rule.money
  if ('rate' in rule) return earliest(world, key) <= at + EPSILON
  if ('cap' in rule)
    return (stamps.get(hold.key) ?? []).filter((stamp) => stamp > at - rule.windowMs).length + n <= rule.cap
  if ('closedUntil' in rule) return at >= rule.closedUntil
  return true
}

function taken(world: World, { key, limit = key, n }: Hold, at: number): ModelHeld {
  const { rule } = limitOf(world, limit)
  const kind = 'money' in rule ? 'money' : 'rate' in rule ? 'rate' : 'cap' in rule ? 'cap' : 'slots'
  return { key, limit, n, kind, at }
}

function startsFrom(world: World, job: ModelJob): number {
  return Math.max(world.now, ...job.gates.map((gate) => earliest(world, gate.rate)))
}

function memberOf(request: Fence, list: string): string {
  return request.absent.find((each) => each.list === list)?.member ?? ''
}

function listed(world: World, list: string, member: string, at: number): boolean {
  return listedUntil(world, list, member) > at
}

function stale(world: World, name: string): boolean {
  const list = world.lists.get(name)
  return list?.maxAgeMs !== undefined && world.now - (list.asOf ?? 0) > list.maxAgeMs
}

export function must(holds: boolean, otherwise: string): void {
  if (!holds) throw new Error(otherwise)
}
