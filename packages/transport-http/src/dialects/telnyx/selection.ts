import type { Resource, ResourceBackend } from '@outdial/core'
import type { Desk } from '../../desk/desk.js'
import { inParallel } from '../../frame/in-parallel.js'
import { noFilterHere, numbersAreMixed, numbersNotYours, numbersTooMany, numbersWanted } from './errors.js'
import { matches, type NumberFilter } from './filter.js'
import type { Settings } from './options.js'
import { MOST_NUMBERS } from './texts.js'
import { PHONE_NUMBER, type Selected } from './wire.js'

/** The back end's keys, as this dialect names numbers by them. */
const PHONE = 'phonenumber'
const ID = 'id'

/** The numbers that a request names, each once, in the order of their first mention. All of them have to be the organization's. */
export async function namedNumbers(desk: Desk, names: readonly string[], settings: Settings): Promise<Selected[]> {
  const wanted = [...new Set(names)]
  const phones = wanted.filter(isPhone).length
  if (settings.strictNumbers && phones > 0 && phones < wanted.length) throw numbersAreMixed()
  const backend = backendOf(desk)
  const found = await inParallel(
    wanted,
    backend.capabilities.concurrency,
    async (name): Promise<[string, Selected]> => {
      const byPhone = isPhone(name)
      const resource = await backend.find(desk.organization, { field: byPhone ? PHONE : ID, value: name })
      if (!resource) throw numbersNotYours()
      return [resource.id, selected(resource, byPhone ? 'phone_number' : 'id')]
    },
  )
  // A number that is named by both its keys is one number: the first mention counts, so it is written last.
  return [...new Map(found.reverse())].reverse().map(([, number]) => number)
}

/** The numbers that a filter matches, the first 1,000 by id, and how many there are. */
export async function filteredNumbers(
  desk: Desk,
  filter: NumberFilter,
  { filterOverflow }: Settings,
): Promise<{ numbers: Selected[]; matched: number }> {
  const backend = backendOf(desk)
  if (!backend.list) throw noFilterHere()
  const found: Selected[] = []
  for await (const resource of backend.list(desk.organization))
    if (matches(filter, resource.fields)) found.push(selected(resource, 'id'))
  if (found.length === 0) throw numbersWanted()
  if (found.length > MOST_NUMBERS && filterOverflow === 'refuse') throw numbersTooMany()
  found.sort((a, b) => byId(a.id, b.id))
  return { numbers: found.slice(0, MOST_NUMBERS), matched: found.length }
}

/** Shorter ids first: so ids that are numbers are in their order. */
function byId(a: string, b: string): number {
  return a.length - b.length || (a < b ? -1 : a > b ? 1 : 0)
}

function isPhone(name: string): boolean {
  return name.startsWith('+')
}

function selected({ id, fields }: Resource, given: Selected['given']): Selected {
  return { id, phone: String(fields[PHONE]), given }
}

/** Without a back end nobody's numbers are known: a mistake of the host's, not of a client's. */
function backendOf(desk: Desk): ResourceBackend {
  const backend = desk.backend(PHONE_NUMBER)
  if (!backend) throw new Error(`telnyx: give the transport a back end of type ${PHONE_NUMBER} as one of its resources`)
  return backend
}
