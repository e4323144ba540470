import type { Host } from '../engine/host.js'
import { OutdialError } from '../errors/outdial-error.js'
import { listName, type SuppressionScope } from '../jobs/suppression-lists.js'
import type { ContactReader } from '../ports/contacts.js'

/** So many numbers go to the store at a time. */
const CHUNK = 5000

interface SuppressionParts {
  host: Host
  reader: ContactReader
  opened: () => Promise<void>
}

/**
 * Numbers that are not called: the do-not-call lists of all jobs, of an organization and of a job. They are asked at the
 * fence of every call, so that what is added counts from that moment on for every process, also for contacts that are
 * claimed already; calls that were fenced before go on. A listed contact ends as `skipped`, reason `suppressed`, when its
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
  add(numbers: Iterable<string>, scope: SuppressionScope = { everything: true }): Promise<{ size: number }> {
    return this.#edit('add', numbers, scope)
  }

  /** Takes numbers off a list (default: everybody's); those that are not on it are no error. As {@link add} otherwise. */
  remove(numbers: Iterable<string>, scope: SuppressionScope = { everything: true }): Promise<{ size: number }> {
    return this.#edit('remove', numbers, scope)
  }

  async #edit(edit: 'add' | 'remove', numbers: Iterable<string>, scope: SuppressionScope): Promise<{ size: number }> {
    const members = this.#read(numbers)
    const list = listName(scope)
    await this.#parts.opened()
    const { storage } = this.#parts.host
    let result = await storage.setList(list, {})
    for (let at = 0; at < members.length; at += CHUNK) {
      result = await storage.setList(list, { [edit]: members.slice(at, at + CHUNK) })
    }
    return result
  }

  #read(numbers: Iterable<string>): string[] {
    const members: string[] = []
    for (const number of numbers) {
      const read = this.#parts.reader.phone(number)
      if (!('e164' in read)) {
        const field = `numbers[${members.length}]`
        throw new OutdialError('invalid_options', `${field}: ${read.message}`, { field })
      }
      members.push(read.e164)
    }
    return members
  }
}
