import * as z from 'zod'
import type { CallEnd, LiveCall } from '../calls/live-call.js'
import type { Host } from '../engine/host.js'
import { DAY, type Duration, durationBetween, HOUR, SECOND } from '../policy/duration.js'
import { parseOptions } from '../policy/options.js'
import type { Enlisting } from '../ports/storage-limits.js'
import type { Closures } from './closures.js'

/**
 * When a number is closed because calls from it are blocked by analytics (outcome `blocked`: SIP 608, or 603 with "Network Blocked"): a number
 * that is marked as spam is not helped by more calls, and another one in its place would soon be marked too.
 */
export interface QuarantineOptions {
  /** Blocked calls after which a number is closed. Default 3. */
  after?: number | undefined
  /** Within this time. Default `'1h'`. */
  within?: Duration | undefined
  /** For so long, from the last of them. Default `'24h'`. */
  for?: Duration | undefined
}

/** {@link QuarantineOptions} in milliseconds. */
export interface QuarantineRules {
  readonly after: number
  readonly within: number
  readonly closedFor: number
}

const schema = z
  .strictObject({
    after: z.int().min(1).max(1000).optional(),
    within: durationBetween(SECOND, 30 * DAY).optional(),
    for: durationBetween(SECOND, 366 * DAY).optional(),
  })
  .transform((given): QuarantineRules => {
    return { after: given.after ?? 3, within: given.within ?? HOUR, closedFor: given.for ?? DAY }
  })

/** Reads the engine's option; `false`: numbers are never closed because of blocks. */
export function quarantineRules(options: QuarantineOptions | false = {}): QuarantineRules | undefined {
  return options === false
    ? undefined
    : parseOptions(schema as unknown as z.ZodType<QuarantineRules>, options, 'quarantine')
}

/** A store that cannot be asked is asked again after so long. */
const AGAIN = 1000

interface QuarantineParts {
  host: Host
  closures: Closures
  rules: QuarantineRules | undefined
}

/** Counts blocked calls by the number that they came from, and closes numbers with too many. */
export class Quarantine {
  readonly #parts: QuarantineParts

  constructor(parts: QuarantineParts) {
    this.#parts = parts
  }

  /** The block that the end of a call is, noted in the same step as its end: each once, whoever hears of it. */
  noted(live: LiveCall, end: CallEnd, now: number): Enlisting[] {
    const { rules } = this.#parts
    if (!rules || end.outcome !== 'blocked' || live.from === '') return []
    const list = blocksOf(live.job.organization, live.from)
    return [{ list, member: live.ref, until: now + rules.within, reason: 'blocked' }]
  }

  /** The end is stored: closes the number for everybody if it was one block too many. */
  async ended(live: LiveCall, end: CallEnd): Promise<void> {
    const { host, closures, rules } = this.#parts
    if (!rules || end.outcome !== 'blocked' || live.from === '') return
    const { organization } = live.job
    const number = live.from
    while (!host.ended.aborted) {
      try {
        const list = blocksOf(organization, number)
        if ((await this.#count(list, rules.after)) < rules.after) return
        const until = host.now() + rules.closedFor
        const news = await closures.close(organization, number, until, 'quarantined')
        await host.storage.setList(list, { clear: true })
        if (news) host.events.emit('callerId.closed', { organization, number, until, reason: 'quarantined' })
        return
      } catch (error) {
        host.events.emit('storage.failed', { error, retryIn: AGAIN })
        await host.pause(AGAIN, host.ended)
      }
    }
  }

  /** Forgets the blocks of a number: it begins anew. */
  async forget(organization: string, number: string): Promise<void> {
    await this.#parts.host.storage.setList(blocksOf(organization, number), { clear: true })
  }

  async #count(list: string, enough: number): Promise<number> {
    const members = new Set<string>()
    let cursor: string | undefined
    do {
      const page = await this.#parts.host.storage.scanList(list, { max: 100, ...(cursor !== undefined && { cursor }) })
      for (const { member } of page.items) members.add(member)
      cursor = page.cursor
    } while (cursor !== undefined && members.size < enough)
    return members.size
  }
}

/** The list of the calls from a number that were blocked lately. */
function blocksOf(organization: string, number: string): string {
  return `blocked:organization:${organization}:${number}`
}
