import type { Host } from '../engine/host.js'
import { SECOND } from '../policy/duration.js'
import type { Applied, Resource, ResourceError } from '../ports/resources.js'
import type { BackendDesk } from './backend-desk.js'
import type { CallerIdPool, CallerIdUse } from './caller-id-pool.js'
import type { LiveOperation } from './live-operation.js'
import type { Answer, OperationBook } from './operation-book.js'
import { shownResource } from './secrets.js'

/** What has been looked at is acted upon within this time, or looked at again. */
const START_WITHIN: number = 10 * SECOND
/** After that, and the time that an answer may take, somebody looks what came of it. */
const LOOK_AFTER: number = 45 * SECOND

/**
 * The last steps before an operation is asked of its back end: the resource as it is now is kept, and a number from which
 * campaigns call is not deleted. What cannot be found out now is put off: nothing is changed or deleted blindly.
 */
export class OperationGuard {
  readonly #host: Host
  readonly #desk: BackendDesk
  readonly #book: OperationBook
  readonly #pool: CallerIdPool

  constructor(host: Host, desk: BackendDesk, book: OperationBook, pool: CallerIdPool) {
    this.#host = host
    this.#desk = desk
    this.#book = book
    this.#pool = pool
  }

  /** Applies an operation, if nothing speaks against it. Within the desk's limit. */
  async apply(live: LiveOperation, startable: () => boolean): Promise<Answer> {
    const { spec } = live.job
    const phone = spec.method === 'delete' && !spec.allowInUse ? this.#desk.phone : undefined
    const keeps = spec.method !== 'create' && spec.keepBefore && !live.memo.before
    if (phone === undefined && !keeps) return this.#ask(live, startable)

    const found = await this.#desk.findNow(live.task, spec.field ?? '')
    if (found.status === 'failed') return notRead(found.message)
    const resource = found.status === 'found' ? found.resource : undefined
    const before = keeps && resource ? shownResource(resource, spec.secrets) : undefined
    const unreadable = before && faultOf(before)
    if (unreadable) return unreadable
    // From here on a crash leaves a record of how it was. Whoever takes it up keeps that, and looks for the rest again.
    const lastStart = this.#host.clock.monotonic() + START_WITHIN
    if (!(await this.#book.keep(live, before, LOOK_AFTER))) return { status: 'overtaken' }
    if (phone !== undefined && resource) {
      const refused = await this.#refusal(live, phone, resource)
      if (refused) return refused
    }
    const inTime = () => this.#host.clock.monotonic() <= lastStart
    return inTime() ? this.#ask(live, inTime) : { status: 'notSent' }
  }

  #ask(live: LiveOperation, startable: () => boolean): Promise<Applied> {
    return this.#desk.apply(live, startable, (late) => this.#book.late(live, late))
  }

  async #refusal({ task }: LiveOperation, field: string, { fields }: Resource): Promise<Applied | undefined> {
    const number = fields[field]
    if (typeof number !== 'string') return undefined
    try {
      const use = (await this.#pool.uses(task.organization))(task.organization, number)
      return use && { status: 'failed', errors: [numberInUse(field, use)] }
    } catch (error) {
      return notRead(String(error))
    }
  }
}

/** The error of a number that is not deleted, because campaigns call from it. */
function numberInUse(field: string, { campaigns, others }: CallerIdUse): ResourceError {
  const who = [...campaigns.map((id) => `campaign ${id}`), ...(others ? ['a campaign of another organization'] : [])]
  return {
    code: 'number_in_use',
    title: 'The number is a caller id of a campaign that has not ended.',
    detail: `Used by ${who.slice(0, 5).join(', ')}${who.length > 5 ? ` and ${who.length - 5} more` : ''}. Delete it when that has ended.`,
    pointer: `/${field}`,
  }
}

function notRead(message: string): Applied {
  return { status: 'unavailable', message: `not begun, since how it is now could not be found out: ${message}` }
}

/** What cannot be written down cannot be kept; the item says so instead of losing it. */
function faultOf(before: Resource): Applied | undefined {
  try {
    JSON.stringify(before)
    return undefined
  } catch (error) {
    const title = 'The resource cannot be kept as it was: it is not JSON. Nothing was changed.'
    return { status: 'failed', errors: [{ code: 'before_unreadable', title, detail: String(error) }] }
  }
}
