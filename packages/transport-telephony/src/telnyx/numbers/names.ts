import type { Applied, Resource, ResourceError } from '@outdial/core'
import { failed, type NotDone } from './applied.js'

type Data = Readonly<Record<string, unknown>>

/**
 * Other names of fields, as clients of other services say them. A number has such a field under both names, and may be changed by
 * either.
 */
export class Names {
  readonly #names: ReadonlyMap<string, string>

  /** Other names, and what the service calls them. */
  constructor(names: Readonly<Record<string, string>>) {
    this.#names = new Map(Object.entries(names))
  }

  /** Data in the service's names, or what is wrong with them. */
  read(data: Data): { data: Data } | { undone: NotDone } {
    const read = { ...data }
    for (const [other, own] of this.#names) {
      if (!(other in data)) continue
      if (own in data)
        return { undone: failed('invalid_value', `${other} is ${own}, and both were given.`, undefined, `/${other}`) }
      read[own] = data[other]
      delete read[other]
    }
    return { data: read }
  }

  /** A number, with the other names of its fields. */
  shown(resource: Resource): Resource {
    const more = [...this.#names].filter(([, own]) => own in resource.fields)
    if (more.length === 0) return resource
    return {
      ...resource,
      fields: { ...resource.fields, ...Object.fromEntries(more.map(([other, own]) => [other, resource.fields[own]])) },
    }
  }

  /** An answer in the names that were given. */
  told(answer: Applied, given: Data): Applied {
    if (answer.status === 'done') return answer.resource ? { ...answer, resource: this.shown(answer.resource) } : answer
    if (answer.status !== 'failed') return answer
    const [first, ...more] = answer.errors
    return { ...answer, errors: [this.#pointed(first, given), ...more.map((error) => this.#pointed(error, given))] }
  }

  #pointed(error: ResourceError, given: Data): ResourceError {
    const other = [...this.#names].find(([name, own]) => name in given && error.pointer === `/${own}`)?.[0]
    return other === undefined ? error : { ...error, pointer: `/${other}` }
  }
}
