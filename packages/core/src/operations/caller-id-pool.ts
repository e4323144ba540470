import type { Host } from '../engine/host.js'
import type { JobSpec } from '../jobs/spec.js'
import { isJobOver, JOB_STATES } from '../lifecycle/job.js'

/** Whose campaigns may call from the numbers of an organization: its own alone, or everybody's. */
export type CallerIdSharing = 'own' | 'any'

/** Campaigns that have not ended and call from a number. */
export interface CallerIdUse {
  /** Ids of the organization's own. */
  campaigns: readonly string[]
  /** Whether campaigns of others do. Which ones is not for this organization to know. */
  others: boolean
}

/** The caller ids of campaigns that have not ended, as the store had them at a moment. */
export type CallerIdUses = (organization: string, phone: string) => CallerIdUse | undefined

const PAGE = 500
const UNFINISHED = JOB_STATES.filter((state) => !isJobOver(state))

interface Reading {
  readonly uses: Promise<CallerIdUses>
  next?: Promise<CallerIdUses>
}

/**
 * Knows from which numbers campaigns that have not ended call. Whoever asks gets what was read after the question; those
 * who ask while something is being read share the next reading, so that there is never more than one at a time.
 */
export class CallerIdPool {
  readonly #host: Host
  readonly #sharing: CallerIdSharing
  readonly #readings: Map<string, Reading> = new Map()

  constructor(host: Host, sharing: CallerIdSharing) {
    this.#host = host
    this.#sharing = sharing
  }

  /** The caller ids in use that count for numbers of this organization, as of now or later. */
  uses(organization: string): Promise<CallerIdUses> {
    const whose = this.#sharing === 'any' ? undefined : organization
    const key = whose ?? ''
    const under = this.#readings.get(key)
    if (!under) return this.#begin(key, whose)
    const begin = () => this.#begin(key, whose)
    under.next ??= under.uses.then(begin, begin)
    return under.next
  }

  #begin(key: string, whose: string | undefined): Promise<CallerIdUses> {
    const reading: Reading = { uses: this.#read(whose) }
    this.#readings.set(key, reading)
    const done = () => {
      if (!reading.next) this.#readings.delete(key)
    }
    reading.uses.then(done, done)
    return reading.uses
  }

  async #read(whose: string | undefined): Promise<CallerIdUses> {
    const users = new Map<string, { id: string; organization: string }[]>()
    const query = { states: UNFINISHED, max: PAGE, ...(whose !== undefined && { organization: whose }) }
    let cursor: string | undefined
    do {
      const page = await this.#host.storage.listJobs({ ...query, ...(cursor !== undefined && { cursor }) })
      for (const { id, organization, spec } of page.items) {
        for (const phone of callerIds(spec)) {
          const known = users.get(phone)
          if (known) known.push({ id, organization })
          else users.set(phone, [{ id, organization }])
        }
      }
      cursor = page.cursor
    } while (cursor !== undefined)
    return (organization, phone) => {
      const all = users.get(phone)
      if (!all) return undefined
      const own = all.filter((one) => one.organization === organization)
      return { campaigns: own.map(({ id }) => id), others: own.length < all.length }
    }
  }
}

function callerIds(spec: string): readonly string[] {
  const parsed = JSON.parse(spec) as JobSpec
  return parsed.kind === 'calls' ? parsed.from : []
}
