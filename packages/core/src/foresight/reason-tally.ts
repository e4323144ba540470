import type { DialBlock, DialBlockCode, Ending } from './blocks.js'
import type { Candidate } from './judge.js'
import type { Outlook } from './outlook.js'

/** Contacts that one reason puts off, ends or holds. */
export interface PreflightReason {
  /** `deferred`: called later; `skipped`: never; `stuck`: nobody can say. */
  becomes: 'deferred' | 'skipped' | 'stuck'
  code: DialBlockCode
  /** Which one, where there are several: the list, the zone, the limit, the rule. */
  of?: string
  contacts: number
  /** How they end. */
  ends?: Ending
  /** The first and the last of them may be dialed then. */
  earliest?: number
  latest?: number
  /** A sentence about the first of them. */
  detail: string
  examples: readonly PreflightExample[]
}

/** A contact to look at. */
export interface PreflightExample {
  index: number
  row?: number
  phone: string
  externalId?: string
  /** When it may be dialed. */
  at?: number
  /** Everything that says no at first. */
  blocks: readonly DialBlock[]
}

/** Instants that are told apart; the store of counts is never larger than this. */
const OPENINGS = 100
const MOST = 10_000

/** Counts outlooks by reason. Its size does not grow with the contacts. */
export class ReasonTally {
  readonly counts: { dial: number; deferred: number; skipped: number; stuck: number } = {
    dial: 0,
    deferred: 0,
    skipped: 0,
    stuck: 0,
  }
  readonly #examples: number
  readonly #reasons: Map<string, PreflightReason & { examples: PreflightExample[] }> = new Map()
  readonly #openings: Map<number, number> = new Map()

  constructor(examples: number) {
    this.#examples = examples
  }

  add(candidate: Candidate, outlook: Outlook, from: number): void {
    if (outlook.status === 'dial') {
      if (outlook.at <= from || !outlook.because) {
        this.counts.dial++
        return
      }
      this.#opens(outlook.at)
      this.#count('deferred', candidate, outlook, outlook.because, outlook.at)
      return
    }
    this.#count(outlook.status === 'ends' ? 'skipped' : 'stuck', candidate, outlook, outlook.because)
  }

  /** By how many they are. */
  reasons(): PreflightReason[] {
    return [...this.#reasons.values()].sort((a, b) => b.contacts - a.contacts)
  }

  openings(): { at: number; contacts: number }[] {
    const all = [...this.#openings].map(([at, contacts]) => ({ at, contacts })).sort((a, b) => a.at - b.at)
    const shown = all.slice(0, OPENINGS)
    const last = shown.at(-1)
    if (last) for (const { contacts } of all.slice(OPENINGS)) last.contacts += contacts
    return shown
  }

  #count(
    becomes: PreflightReason['becomes'],
    { index, contact }: Candidate,
    outlook: Outlook,
    because: DialBlock,
    at?: number,
  ): void {
    this.counts[becomes]++
    const of = whichOf(because)
    const key = `${becomes} ${because.code} ${of ?? ''}`
    let reason = this.#reasons.get(key)
    if (!reason) {
      reason = {
        becomes,
        code: because.code,
        ...(of !== undefined && { of }),
        contacts: 0,
        ...('ends' in because && { ends: because.ends }),
        detail: because.detail,
        examples: [],
      }
      this.#reasons.set(key, reason)
    }
    reason.contacts++
    if (at !== undefined) {
      reason.earliest = Math.min(reason.earliest ?? at, at)
      reason.latest = Math.max(reason.latest ?? at, at)
    }
    if (reason.examples.length >= this.#examples) return
    const { phone, externalId, row } = contact as typeof contact & { row?: number }
    reason.examples.push({
      index,
      ...(row !== undefined && { row }),
      phone,
      ...(externalId !== undefined && { externalId }),
      ...(at !== undefined && { at }),
      blocks: outlook.blocks,
    })
  }

  /** Retries and cool-downs end at any millisecond: when there are too many to tell apart, minutes are. */
  #opens(at: number): void {
    const known = this.#openings.get(at)
    if (known !== undefined || this.#openings.size < MOST) {
      this.#openings.set(at, (known ?? 0) + 1)
      return
    }
    const minute = Math.ceil(at / 60_000) * 60_000
    this.#openings.set(minute, (this.#openings.get(minute) ?? 0) + 1)
  }
}

/** Tells two reasons of the same kind apart. */
function whichOf(block: DialBlock): string | undefined {
  if ('list' in block) return block.list
  if ('key' in block) return block.key
  if ('zone' in block) return block.zone
  return 'rule' in block ? block.rule : undefined
}
