import type { Host } from '../engine/host.js'
import { listName, type SuppressionScope, saidListName } from '../jobs/suppression-lists.js'
import { parseObject } from '../policy/objects.js'
import type { ContactReader } from '../ports/contacts.js'
import type { ListedMember } from '../ports/storage-limits.js'
import { type NumberList, readNumbers } from './number-list.js'
import { EVERYTHING, parseEdit, parseScope, type SuppressionAddOptions, type SuppressionNumbers } from './options.js'
import { addNumbers, CHUNK, PAGE, type Replaced, replaceList } from './replace.js'

interface SuppressionParts {
  host: Host
  reader: ContactReader
  opened: () => Promise<void>
}

/** A number on a list. Times in milliseconds since the epoch. */
export interface SuppressionEntry {
  number: string
  /** In the words of whoever added it: what a person said (`opt_out: never again`), what came of a call (`unwanted`), or the host's. */
  reason?: string
  /** When it ends. Absent: never. */
  expires?: number
}

/** A list as a whole. */
export interface SuppressionSummary {
  /** Entries; those that have expired may be counted for a while. */
  size: number
  asOf?: number
  /** Milliseconds. */
  maxAge?: number
  /** It is older than it may be: nobody for whom it counts is called. */
  stale: boolean
}

/** What is known of a number: on which lists it is. None: nothing here keeps it from being called. */
export interface SuppressionVerdict {
  number: string
  lists: readonly (Omit<SuppressionEntry, 'number'> & { scope: SuppressionScope })[]
}

/**
 * Numbers that are not called: the do-not-call lists of all jobs, of an organization and of a job. They are asked at the
 * fence of every call, so that what is added counts from that moment on for every process, also for contacts that are
 * claimed already or added later; calls that were fenced before go on. A listed contact ends as `skipped`, reason `suppressed`, when its
 * turn comes, and is not called again when its number is taken off later.
 */
export class Suppression {
  readonly #parts: SuppressionParts

  constructor(parts: SuppressionParts) {
    this.#parts = parts
  }

  /**
   * Adds numbers to a list (default: everybody's). Those that are on it already stay. Answers how many are on it then.
   * `invalid_options` names the first number that is none, and nothing is added. Lists of many thousands are added in
   * several steps: repeat the call if it fails.
   */
  async add(
    numbers: SuppressionNumbers,
    options: SuppressionScope | SuppressionAddOptions = EVERYTHING,
  ): Promise<{ size: number }> {
    const { host } = this.#parts
    const edit = parseEdit(options, host.now())
    const list = await this.#read(numbers)
    return addNumbers(host.storage, list, edit)
  }

  /**
   * Takes numbers off a list (default: everybody's), whoever put them there; those that are not on it are no error. As
   * {@link add} otherwise.
   */
  async remove(numbers: SuppressionNumbers, scope: SuppressionScope = EVERYTHING): Promise<{ size: number }> {
    const checked = parseScope(scope)
    const members = await this.#read(numbers)
    const { storage } = this.#parts.host
    let result = await storage.setList(listName(checked), {})
    for (const remove of members.chunks(CHUNK)) {
      await storage.setList(saidListName(checked), { remove })
      result = await storage.setList(listName(checked), { remove })
    }
    return result
  }

  /**
   * Makes a list what these numbers are: the new version of a register, say. All are added before others are removed, so that at no
   * moment somebody could be called who is on both versions; `asOf` counts when all is done. Entries that a call has made stay: an
   * opt-out, an outcome of `suppressAfter`. So does an end that is later than the new one. Repeat the call if it fails; do not run two on one list.
   */
  async replace(
    numbers: SuppressionNumbers,
    options: SuppressionScope | SuppressionAddOptions = EVERYTHING,
  ): Promise<Replaced> {
    const { host } = this.#parts
    const edit = parseEdit(options, host.now())
    const list = await this.#read(numbers)
    return replaceList(host.storage, list, edit)
  }

  /** A list as a whole: how long, how old, and whether too old. */
  async describe(scope: SuppressionScope = EVERYTHING): Promise<SuppressionSummary> {
    const list = listName(parseScope(scope))
    await this.#parts.opened()
    const { storage } = this.#parts.host
    const { size, asOf, maxAgeMs } = await storage.getList(list, [])
    const stale = maxAgeMs !== undefined && this.#parts.host.now() - (asOf ?? 0) > maxAgeMs
    return {
      size,
      ...(asOf !== undefined && { asOf }),
      ...(maxAgeMs !== undefined && { maxAge: maxAgeMs }),
      stale,
    }
  }

  /** Everybody on a list, in no particular order. What is added or removed meanwhile may come or not; nothing else is left out. */
  async *entries(scope: SuppressionScope = EVERYTHING): AsyncGenerator<SuppressionEntry, void, undefined> {
    const list = listName(parseScope(scope))
    await this.#parts.opened()
    const { storage } = this.#parts.host
    let cursor: string | undefined
    do {
      const page = await storage.scanList(list, { max: PAGE, ...(cursor !== undefined && { cursor }) })
      for (const { member, ...entry } of page.items) yield { number: member, ...aboutOf(entry) }
      cursor = page.cursor
    } while (cursor !== undefined)
  }

  /**
   * On which lists numbers are, and why: everybody's, and with `organization` and `job` those too. In the order given.
   * Nothing is decided by it: what counts is asked again at the fence of each call.
   */
  async check(
    numbers: SuppressionNumbers,
    where: { organization?: string; job?: string } = {},
  ): Promise<SuppressionVerdict[]> {
    const { organization, job } = parseObject(where, 'where')
    const scopes = [
      EVERYTHING,
      ...(organization === undefined ? [] : [parseScope({ organization })]),
      ...(job === undefined ? [] : [parseScope({ job })]),
    ]
    const list = await this.#read(numbers)
    const { storage } = this.#parts.host
    const verdicts: SuppressionVerdict[] = []
    for (const members of list.chunks(PAGE)) {
      const states = await Promise.all(scopes.map((scope) => storage.getList(listName(scope), members)))
      for (const [at, number] of members.entries()) {
        const lists = scopes.flatMap((scope, i) => {
          const listed = states[i]?.members[at]
          return listed === undefined ? [] : { scope, ...aboutOf(listed) }
        })
        verdicts.push({ number, lists })
      }
    }
    return verdicts
  }

  async #read(numbers: SuppressionNumbers): Promise<NumberList> {
    const list = await readNumbers(this.#parts.reader, numbers)
    await this.#parts.opened()
    return list
  }
}

function aboutOf({ until, reason }: Omit<ListedMember, 'member'>): Omit<SuppressionEntry, 'number'> {
  return { ...(reason !== undefined && { reason }), ...(until !== undefined && { expires: until }) }
}
