import type { Host } from '../engine/host.js'
import { OutdialError } from '../errors/outdial-error.js'
import { scopeKeys } from '../jobs/gates.js'
import { DAY, type Duration, durationBetween, SECOND } from '../policy/duration.js'
import { parseObject, parseOrganization } from '../policy/objects.js'
import { parseOptions } from '../policy/options.js'
import type { ContactReader } from '../ports/contacts.js'
import type { ClosedCallerId } from './closures.js'
import { dayKey } from './day-limit.js'
import type { CallerIdDesk } from './desk.js'
import { resumeWaiting } from './keeper.js'

interface CallerIdsParts {
  host: Host
  reader: ContactReader
  desk: CallerIdDesk
  opened: () => Promise<void>
}

/** Whose number. Default: the organization `default`. */
export interface CallerIdOwner {
  organization?: string
}

/** A number as it is used now, over all campaigns of its organization. */
export interface CallerIdUsage {
  number: string
  /** Calls that hold one of its slots. */
  live: number
  /** Calls of the last 24 hours, if it has a daily cap. */
  today?: number
  /** Closed until then, milliseconds since the epoch. */
  closedUntil?: number
  reason?: ClosedCallerId['reason']
}

/**
 * Numbers from which campaigns call: which of them are closed, and why. Their limits are set by campaigns (`callerIds`) and by
 * `engine.setLimits({ organization, callerId }, …)`.
 */
export class CallerIds {
  readonly #parts: CallerIdsParts

  constructor(parts: CallerIdsParts) {
    this.#parts = parts
  }

  /** The closed numbers of an organization: in quarantine, failing, or closed by hand. */
  async list(owner: CallerIdOwner = {}): Promise<ClosedCallerId[]> {
    const organization = organizationOf(owner)
    await this.#parts.opened()
    return this.#parts.desk.closures.list(organization)
  }

  /** How a number is used now. `invalid_options` when it is none. */
  async get(number: string, owner: CallerIdOwner = {}): Promise<CallerIdUsage> {
    const organization = organizationOf(owner)
    const read = this.#read(number)
    const { host, desk, opened } = this.#parts
    const { closures } = desk
    await opened()
    const keys = [scopeKeys({ callerId: read, organization }).slots, dayKey(organization, read)]
    const [slots, day] = await host.storage.usage(keys.map((key) => ({ key })))
    const [opening] = await closures.openings(organization, [read])
    const closed = opening && opening.closedUntil > host.now() ? opening.closedUntil : undefined
    return {
      number: read,
      live: slots?.held ?? 0,
      ...(day?.counted !== undefined && { today: day.counted }),
      ...(closed !== undefined && { closedUntil: closed, reason: await closures.reasonOf(organization, read) }),
    }
  }

  /**
   * Closes a number for a time, for all campaigns of its organization and all processes: what is fenced from then on does not call from it.
   * Live calls go on. A closure that ends later stays. Campaigns without another number are paused until then.
   */
  async close(number: string, options: CallerIdOwner & { for: Duration }): Promise<void> {
    const organization = organizationOf(options)
    const read = this.#read(number)
    const ms = parseOptions(durationBetween(SECOND, 366 * DAY), options.for, 'for')
    const { host, desk, opened } = this.#parts
    const { closures } = desk
    await opened()
    const until = host.now() + ms
    if (await closures.close(organization, read, until, 'closed')) {
      host.events.emit('callerId.closed', { organization, number: read, until, reason: 'closed' })
    }
  }

  /**
   * Opens a number that is closed, whatever has closed it, and has campaigns go on that were paused for want of it. Its blocks are
   * forgotten. One that is open stays so.
   */
  async release(number: string, owner: CallerIdOwner = {}): Promise<void> {
    const organization = organizationOf(owner)
    const read = this.#read(number)
    const { host, desk, opened } = this.#parts
    const { closures, quarantine, hints } = desk
    await opened()
    await quarantine.forget(organization, read)
    await closures.open(organization, read)
    hints.freed(organization, read)
    host.events.emit('callerId.opened', { organization, number: read })
    await resumeWaiting(host, organization, [read])
  }

  #read(number: string): string {
    const read = typeof number === 'string' ? this.#parts.reader.phone(number) : { message: 'expected a phone number' }
    if ('e164' in read) return read.e164
    throw new OutdialError('invalid_options', `number: ${read.message}`, { field: 'number' })
  }
}

function organizationOf(given: CallerIdOwner): string {
  const { organization = 'default' } = parseObject(given, 'options')
  return parseOrganization(organization)
}
