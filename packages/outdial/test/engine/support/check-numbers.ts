import { type LedgerEntry, type NewJob, parseRef } from 'outdial'
import { closed, granted } from './exchanged.js'
import type { Grounds } from './grounds.js'
import { PlacedLater } from './placed-later.js'
import type { NumberLimits } from './plan-guards.js'
import type { PolicyChange } from './policy-book.js'
import type { Check, Step } from './steps.js'

interface CallerId {
  /** Calls at the carrier. */
  readonly live: Set<string>
  /** When those were granted that count for its day: since it has had a cap. */
  readonly granted: Map<string, number>
}

type Kind = keyof NumberLimits
const DAY = 86_400_000

/**
 * From no number go out more calls at once, or in any 24 hours, than it may, whichever campaigns and workers they are of; and none while
 * it is closed because its calls are blocked. A lowered limit hangs nobody up; a cap counts from when it was set.
 */
export class CheckNumbers implements Check {
  readonly #grounds: Grounds
  readonly #organizations: Map<string, string> = new Map()
  readonly #numbers: Map<string, CallerId> = new Map()
  readonly #later: PlacedLater<string> = new PlacedLater()
  readonly #closed: Map<string, { since: number; until: number }> = new Map()

  constructor(grounds: Grounds) {
    this.#grounds = grounds
  }

  see(step: Step): void {
    if (step.kind === 'created') this.#created(step.job)
    if (step.kind === 'asked') this.#asked(step.change)
    if (step.kind === 'closed number')
      this.#closed.set(named(step.organization, step.number), { since: step.at, until: step.until })
    if (step.kind === 'exchanged') {
      for (const { ref, placed } of closed(step)) {
        if (!placed) for (const { granted } of this.#numbers.values()) granted.delete(ref)
      }
      for (const { ref, startAt, choice, fence } of granted(step)) {
        const organization = this.#organizations.get(parseRef(ref)?.jobId ?? '')
        const keys = (fence.anyOf[choice] ?? []).map(({ key }) => key)
        if (organization !== undefined) this.#fenced(ref, startAt, organization, keys)
      }
    }
    if (step.kind === 'carrier') this.#carrier(step.entry, this.#grounds.late(step.route))
  }

  #created(job: NewJob): void {
    const planned = this.#grounds.planOf(job)
    if (!planned) return
    this.#organizations.set(job.id, planned.organization)
    for (const change of numberChanges(planned.organization, planned.from, planned.policy.callerIds ?? {})) {
      this.#asked(change)
      this.#grounds.begin(change)
    }
  }

  #asked(change: PolicyChange): void {
    if (!('most' in change)) return
    const [, kind, ...rest] = change.of.split(' ')
    const name = rest.join(' ')
    if (kind === 'concurrency') this.#later.widened((of) => of === name, change.most ?? Number.POSITIVE_INFINITY)
    // Without a cap nothing is counted: the next one begins anew.
    else if (change.most === null) this.#number(name).granted.clear()
  }

  #fenced(ref: string, startAt: number, organization: string, keys: readonly string[]): void {
    const [key] = keys.filter((one) => one.startsWith('day:from:'))
    const number = key?.slice(key.lastIndexOf(':') + 1)
    if (number === undefined) return
    const name = named(organization, number)
    const closed = this.#closed.get(name)
    if (closed && startAt > closed.since && startAt < closed.until) {
      this.#grounds.complain('G6', `granted from a number that is closed until ${closed.until}: ${ref}`)
    }
    this.#later.granted(ref, name, this.#most('concurrency', name))
    const perDay = this.#most('perDay', name)
    if (perDay === Number.POSITIVE_INFINITY) return
    const { granted } = this.#number(name)
    granted.set(ref, startAt)
    const n = [...granted.values()].filter((at) => at > startAt - DAY && at <= startAt).length
    if (n > perDay) this.#grounds.complain('G6', `${n} starts from ${name} in a day, ${perDay} may be: ${ref}`)
  }

  #carrier({ kind, ref, from, at }: LedgerEntry, late: number): void {
    const organization = this.#organizations.get(parseRef(ref)?.jobId ?? '')
    if (organization === undefined) return
    const name = named(organization, from)
    const { live, granted } = this.#number(name)
    if (kind === 'ended') live.delete(ref)
    if (kind !== 'placed') return
    live.add(ref)
    const allowed = this.#later.allowed(ref)
    if (live.size > allowed)
      this.#grounds.complain('G4', `${live.size} calls live from ${name}, ${allowed} may be: ${ref}`)
    const closed = this.#closed.get(name)
    if (closed && at > closed.since + late && at < closed.until) {
      this.#grounds.complain('G6', `placed from a number that is closed until ${closed.until}: ${ref}`)
    }
    if (this.#most('perDay', name) < Number.POSITIVE_INFINITY && !granted.has(ref)) {
      const since = Math.min(...granted.values())
      if (at > since + late) this.#grounds.complain('G6', `placed from ${name} without counting: ${ref}`)
    }
  }

  #number(name: string): CallerId {
    const known = this.#numbers.get(name) ?? { live: new Set(), granted: new Map() }
    this.#numbers.set(name, known)
    return known
  }

  #most(kind: Kind, name: string): number {
    const changes = this.#grounds.book.inForce(`number ${kind} ${name}`)
    if (changes.length === 0) return Number.POSITIVE_INFINITY
    return Math.max(...changes.map(({ most }) => most ?? Number.POSITIVE_INFINITY))
  }
}

/** How changes and the judge call a number of an organization. */
function named(organization: string, number: string): string {
  return `${organization} ${number}`
}

/** What is asked of numbers when they are given limits: of all, and of single ones instead. */
export function numberChanges(
  organization: string,
  from: readonly string[],
  { numbers = {}, ...all }: NumberLimits & { numbers?: Readonly<Record<string, NumberLimits>> | undefined },
): PolicyChange[] {
  return from.flatMap((number) => {
    const limits = { ...all, ...numbers[number] }
    return (['concurrency', 'perDay'] as const).flatMap((kind): PolicyChange[] => {
      const most = limits[kind]
      return most === undefined ? [] : [{ of: `number ${kind} ${named(organization, number)}`, most }]
    })
  })
}
