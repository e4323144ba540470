import { createHash } from 'node:crypto'

/*
 * Memos of the calls of a job are long and end alike: why a call was allowed is the same for most. What begins a memo is its own; what
 * ends it, if others end so too, is kept once for the job, and the memo says which it is. Scripts pass memos on and never read them,
 * and Redis' Lua looks at every byte of a text each time that it gets it: so this is most of what a call with a long memo costs.
 */

/** What begins a memo that is not kept as it came: then the id of its end, a colon, and what is its own. */
const MARK = '\u0001'
/** Memos shorter than this are kept as they are. */
const SHORT = 256
/**
 * A known end is good enough if so much at most is the memo's own, or no more than the end: those that are called together have also the
 * instant in common at which that was decided, and an end with it would be for them alone.
 */
const OWN = 128
/** Another end has to save so much. */
const WORTH = 96
/** Ends known of a job and ever made of it, jobs, memos that a new one is compared with, and ends read for somebody who looks. */
const MOST = { ends: 64, made: 1000, jobs: 64, compared: 4, read: 256 } as const

/** What memos of a job end with. */
export interface MemoEnd {
  readonly jobId: string
  readonly id: string
  readonly text: string
  /** Whether the server is known to have it; it can lose it again. */
  kept: boolean
  /** When it was used last: the larger, the later. */
  used: number
}

/** Makes a memo of a job, as it was read, what it was. */
export type WholeMemo = (jobId: string, stored: string) => string

interface OfJob {
  /** The longest first. */
  readonly ends: MemoEnd[]
  /** Memos that no end was good enough for, and of which task each is. */
  readonly alone: { readonly index: number; readonly memo: string }[]
  /** How many ends were made: each is kept until the job is gone. */
  made: number
}

/** The ends of memos that this process knows. */
export class SharedMemos {
  readonly #jobs: Map<string, OfJob> = new Map()
  readonly #read: Map<string, string> = new Map()
  #uses = 0

  /** A memo as it is stored, and what it ends with if that is not in it. */
  stored(jobId: string, index: number, memo: string): { text: string; end?: MemoEnd } {
    if (memo.length < SHORT) return { text: plain(memo) }
    const end = this.#endOf(this.#ofJob(jobId), jobId, index, memo)
    if (!end) return { text: plain(memo) }
    end.used = ++this.#uses
    return { text: `${MARK}${end.id}:${memo.slice(0, memo.length - end.text.length)}`, end }
  }

  /** The server has these. */
  areKept(ends: Iterable<MemoEnd>): void {
    for (const end of ends) end.kept = true
  }

  /** The server has lost some of these, by a failover or a purge. */
  areLost(ends: Iterable<MemoEnd>): void {
    for (const end of ends) end.kept = false
  }

  /** What memos that were read end with, as far as it is not known here. */
  *wanted(memos: Iterable<readonly [jobId: string, stored: string]>): Iterable<readonly [jobId: string, id: string]> {
    const seen = new Set<string>()
    for (const [jobId, stored] of memos) {
      const id = endIdOf(stored)
      const name = `${jobId}:${id}`
      if (id === '' || seen.has(name) || this.#read.has(name)) continue
      seen.add(name)
      yield [jobId, id]
    }
  }

  /** Takes note of an end that was read. */
  learn(jobId: string, id: string, text: string): void {
    const { value } = this.#read.keys().next()
    if (this.#read.size >= MOST.read && value !== undefined) this.#read.delete(value)
    this.#read.set(`${jobId}:${id}`, text)
  }

  /** A memo as it came. Empty when its end is gone, which goes with its job. */
  whole(jobId: string, stored: string): string {
    if (!stored.startsWith(MARK)) return stored
    const id = endIdOf(stored)
    const own = stored.slice(MARK.length + id.length + 1)
    if (id === '') return own
    const end = this.#read.get(`${jobId}:${id}`)
    return end === undefined ? '' : own + end
  }

  #ofJob(jobId: string): OfJob {
    const known = this.#jobs.get(jobId)
    if (known) return known
    const { value } = this.#jobs.keys().next()
    if (this.#jobs.size >= MOST.jobs && value !== undefined) this.#jobs.delete(value)
    const made: OfJob = { ends: [], alone: [], made: 0 }
    this.#jobs.set(jobId, made)
    return made
  }

  #endOf(job: OfJob, jobId: string, index: number, memo: string): MemoEnd | undefined {
    const known = job.ends.find(({ text }) => memo.endsWith(text))
    const length = known?.text.length ?? 0
    if (known && memo.length - length <= Math.max(OWN, length)) return known
    if (job.made === MOST.made) return known
    // What is in the memos of one person alone is in no end: it has to be possible to remove it.
    const common = Math.max(0, ...job.alone.map((other) => (other.index === index ? 0 : commonEnd(other.memo, memo))))
    if (job.alone.push({ index, memo }) > MOST.compared) job.alone.shift()
    if (common < length + WORTH) return known
    const text = memo.slice(memo.length - common)
    const id = createHash('sha256').update(text).digest('base64url').slice(0, 12)
    const end = { jobId, id, text, kept: false, used: 0 }
    // As it comes back from the server, where halves of surrogate pairs are not.
    this.learn(jobId, id, Buffer.from(text).toString())
    job.made++
    if (job.ends.length === MOST.ends) job.ends.splice(oldest(job.ends), 1)
    job.ends.push(end)
    job.ends.sort((a, b) => b.text.length - a.text.length)
    return end
  }
}

/** A memo as it is stored when nothing of it is elsewhere. */
export function plain(memo: string): string {
  return memo.startsWith(MARK) ? `${MARK}:${memo}` : memo
}

function endIdOf(stored: string): string {
  return stored.startsWith(MARK) ? stored.slice(MARK.length, stored.indexOf(':')) : ''
}

/** How many characters two texts end with alike. No pair of surrogates is parted. */
function commonEnd(a: string, b: string): number {
  const most = Math.min(a.length, b.length)
  let n = 0
  while (n < most && a.charCodeAt(a.length - 1 - n) === b.charCodeAt(b.length - 1 - n)) n++
  const first = b.charCodeAt(b.length - n)
  return first >= 0xdc00 && first < 0xe000 ? n - 1 : n
}

function oldest(ends: readonly MemoEnd[]): number {
  let found = 0
  for (let i = 1; i < ends.length; i++) {
    if ((ends[i] as MemoEnd).used < (ends[found] as MemoEnd).used) found = i
  }
  return found
}
