import type { Host } from '../engine/host.js'
import { dayKey } from './day-limit.js'
import { askForNumbers } from './gated-jobs.js'
import { closedKey } from './keys.js'

/** Why a number is closed: analytics have blocked its calls, its calls fail, or somebody has closed it. */
export type ClosedReason = 'quarantined' | 'failing' | 'closed'

/** A number from which nobody of an organization calls for a time. */
export interface ClosedCallerId {
  number: string
  /** It opens by itself at this time, milliseconds since the epoch. */
  until: number
  reason: ClosedReason
}

/** When a number may be called from again: now or earlier if it is open. */
export interface Opening {
  readonly number: string
  /** End of its closure. */
  readonly closedUntil: number
  /** When its daily cap has room. */
  readonly dayFreeAt: number
}

/** Somebody may change the same number at the same time: so often it is looked at again. */
const TRIES = 5
const PAGE = 500

/** Members of the list on which an organization's closed numbers are, for reading back: what closes them is a limit. */
function registry(organization: string): string {
  return `caller-ids:organization:${organization}`
}

/** Closes numbers for a whole organization, and opens them: in the store, so that it holds at every fence of every process. */
export class Closures {
  readonly #host: Host

  constructor(host: Host) {
    this.#host = host
  }

  /**
   * Closes a number until a time. Of two closures the later end stays: its end is the limit's revision, so that no other that is set at
   * the same moment can shorten it. Answers whether it was open before.
   */
  async close(organization: string, number: string, until: number, reason: ClosedReason): Promise<boolean> {
    const { storage } = this.#host
    const key = closedKey(organization, number)
    let wasOpen: boolean | undefined
    for (let tries = 0; tries < TRIES; tries++) {
      const [usage] = await storage.usage([{ key }])
      const closedUntil = usage && 'closedUntil' in usage.rule ? usage.rule.closedUntil : 0
      wasOpen ??= closedUntil <= this.#host.now()
      if (closedUntil >= until) break
      // After it was opened by hand its revision may be that of an end still to come.
      const revision = Math.max(Math.ceil(until), (usage?.revision ?? 0) + 1)
      await storage.setLimits([{ key, revision, closedUntil: until }])
      await storage.setList(registry(organization), { add: [{ member: number, until, reason }] })
    }
    await askForNumbers(this.#host, organization, [number])
    return wasOpen ?? false
  }

  /** Opens a number at once, whatever has closed it. */
  async open(organization: string, number: string): Promise<void> {
    const { storage } = this.#host
    const key = closedKey(organization, number)
    const [usage] = await storage.usage([{ key }])
    if (usage && 'closedUntil' in usage.rule) {
      await storage.setLimits([{ key, revision: usage.revision + 1, none: true }])
    }
    await storage.setList(registry(organization), { remove: [number] })
  }

  /** When each of these numbers is open and has room in its day. */
  async openings(organization: string, numbers: readonly string[]): Promise<Opening[]> {
    const { storage } = this.#host
    const found: Opening[] = []
    for (let at = 0; at < numbers.length; at += PAGE) {
      const page = numbers.slice(at, at + PAGE)
      const keys = page.flatMap((number) => [closedKey(organization, number), dayKey(organization, number)])
      const usage = await storage.usage(keys.map((key) => ({ key })))
      for (const [i, number] of page.entries()) {
        const closed = usage[i * 2]
        const closedUntil = closed && 'closedUntil' in closed.rule ? closed.rule.closedUntil : 0
        found.push({ number, closedUntil, dayFreeAt: usage[i * 2 + 1]?.freeAt ?? 0 })
      }
    }
    return found
  }

  /** Why a number is closed, as far as that is known. */
  async reasonOf(organization: string, number: string): Promise<ClosedReason> {
    const { members } = await this.#host.storage.getList(registry(organization), [number])
    return (members[0]?.reason as ClosedReason | undefined) ?? 'closed'
  }

  /** All numbers of an organization that are closed now. */
  async list(organization: string): Promise<ClosedCallerId[]> {
    const { storage } = this.#host
    const found = new Map<string, ClosedCallerId>()
    let cursor: string | undefined
    do {
      const page = await storage.scanList(registry(organization), {
        max: PAGE,
        ...(cursor !== undefined && { cursor }),
      })
      for (const { member, until = 0, reason = 'closed' } of page.items) {
        found.set(member, { number: member, until, reason: reason as ClosedReason })
      }
      cursor = page.cursor
    } while (cursor !== undefined)
    return [...found.values()].sort((a, b) => (a.number < b.number ? -1 : 1))
  }
}
