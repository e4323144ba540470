import type { Exchange, Fence, Hold, Next, Report } from '@outdial/core'
import { ledgerText, packEntries } from './ledger-parcels.js'
import { type Asked, packed } from './msgpack-writer.js'
import { packParcel } from './parcels.js'
import { type MemoEnd, plain, type SharedMemos } from './shared-memos.js'

/** Before the first report; the script knows it too. */
const HEAD = 22

/**
 * An exchange as its script reads it: values by position, the results of each job packed together, and so the entries for the ledger. With `skips`
 * numbers of the channel may be left out. `ends`: what the memos in it end with.
 */
export function exchangeRequest(
  request: Exchange,
  skips: boolean,
  memos: SharedMemos,
): { text: Buffer; parcels: Buffer[]; ends: ReadonlySet<MemoEnd> } {
  return new ExchangeRequest(memos).write(request, skips)
}

/** What a ref or a claim says; the script finds out whether it is one. */
interface Parts {
  readonly jobId: string
  readonly index: number
  /** What begins the ref: `job:index`. */
  readonly name: string
  /** What follows it. */
  readonly tail: string
}

function parts(text: string): Parts {
  const first = text.indexOf(':')
  const second = text.indexOf(':', first + 1)
  if (first < 0 || second < 0) return { jobId: '', index: -1, name: '', tail: '' }
  const index = Number(text.slice(first + 1, second))
  return {
    jobId: text.slice(0, first),
    index: Number.isInteger(index) ? index : -1,
    name: text.slice(0, second),
    tail: text.slice(second + 1),
  }
}

/** Numbers things in the order in which they come up, from 1. */
class Numbered {
  readonly all: string[] = []
  readonly #numbers: Map<string, number> = new Map()

  of(name: string): number {
    const known = this.#numbers.get(name)
    if (known !== undefined) return known
    this.#numbers.set(name, this.all.push(name))
    return this.all.length
  }
}

class ExchangeRequest {
  readonly #memos: SharedMemos
  readonly #ends: Set<MemoEnd> = new Set()
  readonly #jobs = new Numbered()
  readonly #names = new Numbered()
  readonly #nameJobs: number[] = []
  readonly #nameIndexes: number[] = []
  readonly #shapes: Asked[] = []
  readonly #shapeNumbers = new Numbered()
  /** Results by job number, and of which tasks they are. */
  readonly #results: Map<number, Map<number, string>> = new Map()
  readonly #limits = new Numbered()
  readonly #keys = new Numbered()
  /** The fence that has used a key last. */
  readonly #usedBy: number[] = []
  readonly #holds = new Numbered()
  /** The number of a hold that many fences have in common, and that of its key. */
  readonly #shared: Map<Hold, readonly [number: number, key: number]> = new Map()
  /** Of each hold its key, unless it is that of its limit, and its limit. */
  readonly #holdKeys: (string | false)[] = []
  readonly #holdLimits: number[] = []
  /** Alternatives, which many fences have in common: their numbers and the keys of their holds, and their holds as they are told. */
  readonly #groups: Map<readonly Hold[], { readonly number: number; readonly keys: readonly number[] }> = new Map()
  readonly #groupsTold: Asked[] = []
  readonly #lists = new Numbered()
  /** By list. */
  readonly #members: Numbered[] = []
  #fences = 0
  /** Entries for the ledger, and the numbers of their reports. */
  readonly #entries: string[] = []
  readonly #entered: Asked[] = []
  /** Who is put on lists, five values each. */
  readonly #enlisted: Asked[] = []
  readonly #body: Asked[] = []

  constructor(memos: SharedMemos) {
    this.#memos = memos
  }

  write({ channel, seq, reports, fences, claims }: Exchange, skips: boolean) {
    for (const [i, report] of reports.entries()) {
      this.#report(report)
      if (report.kind === 'close' || report.kind === 'note') this.#alsoTold(i + 1, report)
    }
    for (const fence of fences) this.#fence(fence)
    for (const { route, max, leaseMs } of claims) this.#body.push(route, max, leaseMs)
    const head: Asked[] = [channel, seq, this.#jobs.all, this.#shapes, this.#names.all]
    head.push(this.#nameJobs, this.#nameIndexes, [...this.#results.keys()])
    head.push(this.#limits.all, this.#holdKeys, this.#holdLimits, this.#lists.all, this.#membersTold())
    head.push(reports.length, fences.length, claims.length, skips, this.#entered, this.#enlisted)
    head.push(...this.#endsTold(), this.#groupsTold)
    const parcels = [...this.#results.values()].map(packParcel)
    if (this.#entries.length > 0) parcels.push(packEntries(this.#entries))
    return {
      text: packed([...head, ...this.#body]),
      parcels,
      ends: this.#ends,
    }
  }

  /** Who is looked for on each list; true: the same as on the one before it, as most often. */
  #membersTold(): Asked[] {
    return this.#members.map(({ all }, i) => {
      const before = this.#members[i - 1]?.all
      return before?.length === all.length && all.every((member, at) => member === before[at]) ? true : all
    })
  }

  /** Ends of memos that the server may not have yet, and those that it is relied on to have. */
  #endsTold(): [told: Asked, relied: Asked] {
    const told: Asked[] = []
    const relied: Asked[] = []
    for (const { jobId, id, text, kept } of this.#ends) {
      if (kept) relied.push(this.#jobs.of(jobId), id)
      else told.push(this.#jobs.of(jobId), id, text)
    }
    return [told, relied]
  }

  #report(told: Report): void {
    const body = this.#body
    switch (told.kind) {
      case 'return': {
        const { jobId, index, tail } = parts(told.claim)
        body.push('return', this.#jobs.of(jobId), index, tagOf(tail), ...nextOf(told.next))
        return
      }
      case 'progress': {
        const { rank, state, memo, callId, checkAt } = told
        const { tail } = this.#named('progress', told.ref)
        body.push(tail, rank, state, memo && plain(memo), callId, checkAt)
        return
      }
      case 'doubt': {
        const { tail } = this.#named('doubt', told.ref)
        body.push(tail, told.memo && plain(told.memo), told.checkAt)
        return
      }
      case 'close':
        return this.#close(told)
      case 'note': {
        const { enlist: _, ledger: __, memo, ...note } = told
        body.push('note', { ...note, memo: memo && plain(memo) } as unknown as Asked)
        return
      }
      default:
        body.push(told.kind, { ...told, memo: plain(told.memo) } as unknown as Asked)
    }
  }

  /** Begins a report on a live attempt. */
  #named(kind: string, ref: string): Parts {
    const told = parts(ref)
    const number = this.#names.of(told.name)
    if (number > this.#nameJobs.length) {
      this.#nameJobs.push(this.#jobs.of(told.jobId))
      this.#nameIndexes.push(told.index)
    }
    this.#body.push(kind, number)
    return told
  }

  #close({ ref, placed, outcome, result, next, spent, heard = 0 }: Extract<Report, { kind: 'close' }>): void {
    const short = 'terminal' in next && next.memo === undefined && heard === 0
    const { jobId, index, tail } = this.#named(short ? 'over' : 'close', ref)
    const job = this.#jobs.of(jobId)
    let results = this.#results.get(job)
    if (!results) {
      results = new Map()
      this.#results.set(job, results)
    }
    const again = results.has(index)
    if (!again) results.set(index, result)
    if (short && !again) {
      this.#body.push(tail, this.#shapeOf(placed, outcome, next.terminal, next.reason), spent)
      return
    }
    // Of two that say that the same is over, one comes for nothing. Which one is not known here: this brings its own result.
    if (short) this.#body[this.#body.length - 2] = 'close'
    this.#body.push(tail, placed, outcome, again ? result : false, ...nextOf(next), spent, heard)
  }

  /** What a report brings for the ledger and for lists. */
  #alsoTold(number: number, { ref, ledger, enlist = [] }: Extract<Report, { kind: 'close' | 'note' }>): void {
    if (ledger !== undefined) {
      this.#entered.push(number)
      this.#entries.push(ledgerText(ref, ledger))
    }
    for (const { list, member, until = Number.POSITIVE_INFINITY, reason } of enlist) {
      this.#enlisted.push(number)
      this.#looksUp(list, member, this.#enlisted)
      this.#enlisted.push(until, reason)
    }
  }

  /** Notes who is looked for on a list; in `body` by number. */
  #looksUp(list: string, member: string, body: Asked[]): void {
    const number = this.#lists.of(list)
    if (number > this.#members.length) this.#members.push(new Numbered())
    const at = (this.#members[number - 1] as Numbered).of(member)
    body.push(number, at)
  }

  #shapeOf(placed: boolean, outcome: string, terminal: string, reason: string): number {
    const number = this.#shapeNumbers.of(`${placed}\n${terminal}\n${outcome}\n${reason}`)
    if (number > this.#shapes.length) this.#shapes.push([placed, outcome, terminal, reason])
    return number
  }

  #fence({ claim, all, anyOf, absent, until, checkAfter, memo }: Fence): void {
    const { jobId, index, tail } = parts(claim)
    const body = this.#body
    const { text, end } = this.#memos.stored(jobId, index, memo)
    if (end) this.#ends.add(end)
    body.push(this.#jobs.of(jobId), index, tagOf(tail), until, checkAfter, text)
    const after = body.push(0)
    body.push(`${jobId}:${index}`)
    if (all.length + anyOf.length + absent.length > 0) {
      this.#fences++
      const common = body.push(false)
      let repeats = this.#guards(all)
      body.push(absent.length)
      for (const { list, member } of absent) this.#looksUp(list, member, body)
      body.push(anyOf.length)
      for (const holds of anyOf) {
        const { number, keys } = this.#groups.get(holds) ?? this.#groupOf(holds)
        for (const key of keys) repeats = this.#again(key) || repeats
        body.push(number)
      }
      body[common - 1] = repeats
    }
    body[after - 1] = HEAD + body.length + 1
  }

  /** Answers whether one of the keys was in this fence before. */
  #guards(holds: Fence['all']): boolean {
    const body = this.#body
    let repeats = false
    body.push(holds.length)
    for (const hold of holds) {
      const [number, key] = this.#shared.get(hold) ?? this.#holdOf(hold)
      repeats = this.#again(key) || repeats
      body.push(number, hold.n)
    }
    return repeats
  }

  /** Whether a key was in this fence before. */
  #again(key: number): boolean {
    const again = this.#usedBy[key] === this.#fences
    this.#usedBy[key] = this.#fences
    return again
  }

  #groupOf(holds: readonly Hold[]): { readonly number: number; readonly keys: readonly number[] } {
    const told: Asked[] = []
    const keys: number[] = []
    for (const hold of holds) {
      const [number, key] = this.#shared.get(hold) ?? this.#holdOf(hold)
      told.push(number, hold.n)
      keys.push(key)
    }
    const group = { number: this.#groupsTold.push(told), keys }
    this.#groups.set(holds, group)
    return group
  }

  #holdOf(hold: Hold): readonly [number: number, key: number] {
    const { key, limit = key } = hold
    const keyNumber = this.#keys.of(key)
    const limitNumber = this.#limits.of(limit)
    const number = this.#holds.of(`${keyNumber}/${limitNumber}`)
    if (number > this.#holdKeys.length) {
      this.#holdKeys.push(key === limit ? false : key)
      this.#holdLimits.push(limitNumber)
    }
    const numbers = [number, keyNumber] as const
    this.#shared.set(hold, numbers)
    return numbers
  }
}

function tagOf(tail: string): number {
  const tag = Number(tail)
  return Number.isInteger(tag) ? tag : -1
}

function nextOf(next: Next): [terminal: Asked, why: Asked, waitUntil: number, memo: Asked] {
  if ('terminal' in next) return [next.terminal, next.reason, 0, next.memo]
  return [false, next.reasons, next.waitUntil, next.memo]
}
