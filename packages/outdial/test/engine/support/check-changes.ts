import { type CapOptions, type Contact, type LedgerEntry, type NewJob, parseDuration, parseRef } from 'outdial'
import { closed, granted } from './exchanged.js'
import type { Grounds } from './grounds.js'
import { isOpenLocally } from './local-time.js'
import type { PlannedJob, PlannedWindow } from './plan.js'
import type { PolicyChange } from './policy-book.js'
import type { Check, Step } from './steps.js'

/** A job, as it was planned. */
interface Known {
  id: string
  planned: PlannedJob
}

/** A person's calls under caps of the same subject and span, from whatever job: granted starts, and calls by the ledger. */
interface Counted {
  granted: Map<string, number>
  placed: number[]
}

/** A number is put on a list, or taken off. */
type Listing = Extract<PolicyChange, { listed: boolean }>

/** What a fence was given, for the moment in which its call is placed. */
interface Granted {
  counts: readonly { key: string; span: number; max: number }[]
  lists: readonly string[]
}

/**
 * G6 while users change what limits calls: from the moment in which somebody hears that a number is listed, that hours are
 * others, or that a cap is lower, no fence goes against it, nor a call that is placed more than two seconds later. Judged by
 * what was planned, asked and heard, and not by what the engine made of it.
 */
export class CheckChanges implements Check {
  readonly #grounds: Grounds
  readonly #jobs: Map<string, Known> = new Map()
  readonly #granted: Map<string, Granted> = new Map()
  readonly #counted: Map<string, Counted> = new Map()
  /** When somebody heard that a number is listed; gone when it may not be any more. */
  readonly #listedSince: Map<string, number> = new Map()
  readonly #everListed: Set<string> = new Set()

  constructor(grounds: Grounds) {
    this.#grounds = grounds
  }

  see(step: Step): void {
    if (step.kind === 'created') this.#created(step.job)
    if (step.kind === 'asked' && 'listed' in step.change) this.#asked(step.change)
    if (step.kind === 'heard' && 'listed' in step.change) this.#heard(step.change, step.at)
    if (step.kind === 'exchanged') {
      for (const { ref, placed, outcome } of closed(step)) {
        if (outcome === 'unwanted') this.#unwanted(ref, step.at)
        if (placed) continue
        for (const { key } of this.#granted.get(ref)?.counts ?? []) this.#counted.get(key)?.granted.delete(ref)
      }
      for (const { ref, startAt } of granted(step)) this.#fenced(ref, startAt)
    }
    if (step.kind !== 'carrier') return
    const { entry, route } = step
    if (entry.kind === 'placed') this.#placed(entry, this.#grounds.late(route))
    if (entry.kind !== 'ended' || entry.detail !== 'unwanted') return
    // The store hears of it later, or never.
    const job = this.#jobs.get(parseRef(entry.ref)?.jobId ?? '')
    if (job) this.#everListed.add(listed(job.planned.organization, entry.to))
  }

  /** Whoever does not want to be called is on the organization's list from the very step in which the store learns of it. */
  #unwanted(ref: string, at: number): void {
    const job = this.#jobs.get(parseRef(ref)?.jobId ?? '')
    const contact = this.#grounds.contactOf(ref)
    if (!job || !contact) return
    const change = { of: listed(job.planned.organization, contact.phone), listed: true }
    this.#asked(change)
    this.#grounds.begin(change)
    this.#heard(change, at)
  }

  #asked({ of, listed }: Listing): void {
    if (listed) this.#everListed.add(of)
    else this.#listedSince.delete(of)
  }

  #heard({ of }: Listing, at: number): void {
    if (this.#isListed(of) && !this.#listedSince.has(of)) this.#listedSince.set(of, at)
  }

  /** Whether a number was ever asked to be on a list that counts for a job. */
  wasListed(jobId: string, phone: string): boolean {
    const job = this.#jobs.get(jobId)
    return job !== undefined && listsOf(job, phone).some((list) => this.#everListed.has(list))
  }

  #created(job: NewJob): void {
    const planned = this.#grounds.planOf(job)
    if (!planned) return
    this.#jobs.set(job.id, { id: job.id, planned })
    const { window = null, caps = [] } = planned.policy
    this.#grounds.begin({ of: `window ${job.id}`, window })
    this.#grounds.begin({ of: `caps ${job.id}`, caps })
  }

  #fenced(ref: string, startAt: number): void {
    const { jobId = '' } = parseRef(ref) ?? {}
    const job = this.#jobs.get(jobId)
    const contact = this.#grounds.contactOf(ref)
    if (!job || !contact) return
    const lists = listsOf(job, contact.phone)
    for (const list of lists) if (this.#isListed(list)) this.#grounds.complain('G6', `fenced though ${list}: ${ref}`)
    const windows = this.#grounds.book.inForce(`window ${jobId}`).map(({ window }) => window)
    if (!windows.some((window) => isOpen(window, contact, job, startAt))) {
      this.#grounds.complain(
        'G6',
        `granted for ${new Date(startAt).toISOString()}, outside ${JSON.stringify(windows)}: ${ref}`,
      )
    }
    const counts = this.#counts(job, contact)
    this.#granted.set(ref, { counts, lists })
    for (const { key, span, max } of counts) {
      const { granted } = this.#countedUnder(key)
      granted.set(ref, startAt)
      const n = [...granted.values()].filter((at) => at > startAt - span && at <= startAt).length
      if (n > max) this.#grounds.complain('G6', `${n} starts granted under ${key}, of which ${max} may be: ${ref}`)
    }
  }

  /** By the ledger, with what may lie between a grant and the call. */
  #placed({ ref, to, at }: LedgerEntry, late: number): void {
    const granted = this.#granted.get(ref)
    if (!granted) return
    for (const list of granted.lists) {
      const since = this.#listedSince.get(list)
      if (since !== undefined && at > since + late)
        this.#grounds.complain('G6', `placed ${at - since} ms after ${list}: ${ref}`)
    }
    for (const { key, span, max } of granted.counts) {
      const { placed } = this.#countedUnder(key)
      placed.push(at)
      const n = placed.filter((other) => other > at - span + late).length
      if (n > max) this.#grounds.complain('G6', `${n} calls to ${to} under ${key}, of which ${max} may be: ${ref}`)
    }
  }

  /** The caps that count for a contact whatever is in force, each with the most that it may allow. */
  #counts({ id, planned }: Known, { phone, externalId }: Contact): Granted['counts'] {
    const [first = [], ...others] = this.#grounds.book.inForce(`caps ${id}`).map(({ caps }) => caps)
    const certain = first.filter((cap) => others.every((caps) => caps.some((other) => isSame(cap, other))))
    return certain.map((cap) => {
      const span = milliseconds(cap)
      const subject = cap.per === 'externalId' && externalId !== undefined ? `externalId ${externalId}` : phone
      const max = Math.max(
        ...[first, ...others].flatMap((caps) => caps.filter((other) => isSame(cap, other))).map(({ max }) => max),
      )
      return { key: `${planned.organization} ${subject} ${span}`, span, max }
    })
  }

  #countedUnder(key: string): Counted {
    const counted = this.#counted.get(key) ?? { granted: new Map(), placed: [] }
    this.#counted.set(key, counted)
    return counted
  }

  /** It is on it for certain. */
  #isListed(list: string): boolean {
    const changes = this.#grounds.book.inForce(list as `listed ${string}`)
    return changes.length > 0 && changes.every(({ listed }) => listed)
  }
}

/** The lists on which a number may be that count for a job, as changes name them. */
function listsOf({ id, planned }: Known, phone: string): string[] {
  return [listed('everything', phone), listed(planned.organization, phone), listed(id, phone)]
}

/** What a change names that puts a number on a list or takes it off. */
export function listed(whose: string, phone: string): `listed ${string}` {
  return `listed ${whose} ${phone}`
}

function isOpen(window: PlannedWindow | null, contact: Contact, { planned }: Known, at: number): boolean {
  if (window === null) return true
  const hours = window.hours.flatMap((ends) => ends.map(minuteOf))
  const week = Array.from({ length: 7 }, (_, day) => (window.days.includes(day) ? hours : []))
  return isOpenLocally(week, contact.timezone ?? window.timezone ?? planned.timezone, at)
}

function minuteOf(time: string): number {
  const [hour = 0, minute = 0] = time.split(':').map(Number)
  return 60 * hour + minute
}

function isSame(a: CapOptions, b: CapOptions): boolean {
  return a.per === b.per && milliseconds(a) === milliseconds(b)
}

function milliseconds({ within }: CapOptions): number {
  return parseDuration(within, 'within')
}
