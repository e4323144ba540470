import type { Applied, Clock, OperationContext, Resource, ResourceBackend, Selector } from '@outdial/core'
import type { Answer, Depot, Request } from './depot.js'

const DEADLINE = 5_000

type Fields = Readonly<Record<string, unknown>>
type Told = Answer | 'notSent' | 'unknown'

/** How the back end reaches the depot. */
export interface Options {
  readonly clock: Clock
  readonly key: string
  readonly connections: number
}

/** A back end for the depot that keeps every rule. */
export function depotBackend(depot: Depot, { clock, key, connections }: Options): ResourceBackend {
  const waiting: (() => void)[] = []
  let free = connections

  const ask = async (request: Omit<Request, 'key'>, startable?: () => boolean): Promise<Told> => {
    if (free === 0) await new Promise<void>((resolve) => waiting.push(resolve))
    else free--
    try {
      if (startable && !startable()) return 'notSent'
      return await within(clock, depot.request({ ...request, key }))
    } catch (error) {
      return (error as Error).message === 'refused' ? 'notSent' : 'unknown'
    } finally {
      const next = waiting.shift()
      if (next) next()
      else free++
    }
  }

  const search = async (
    owner: string,
    query: Record<string, string>,
  ): Promise<{ items: Resource[]; more: boolean }> => {
    const told = await ask({ method: 'GET', path: `/numbers?${new URLSearchParams(query)}`, owner })
    if (typeof told === 'string' || told.code !== 200) throw new Error('the depot could not say')
    const { items, more } = told.body as { items: Fields[]; more: boolean }
    return { items: items.map(resourceOf), more }
  }

  const change = async (
    { field, value }: Selector,
    context: OperationContext,
    request: { method: 'PATCH' | 'DELETE'; body?: Fields },
  ): Promise<Applied> => {
    const owner = context.organization
    // Nothing was changed yet, whatever became of the search.
    const seen = await search(owner, { [field]: value }).catch(() => undefined)
    if (!seen) return { status: 'unavailable' }
    const [found] = seen.items
    if (!found) {
      if (request.method === 'DELETE') return { status: 'done' }
      const pointer = `/${field}`
      return { status: 'failed', errors: [{ code: 'no_such_number', title: 'There is no such number.', pointer }] }
    }
    return applied(await ask({ ...request, path: `/numbers/${found.id}`, owner }, () => context.startable()))
  }

  return {
    type: 'phonenumber',
    capabilities: { keys: ['phonenumber', 'id'], concurrency: 8, createVisibility: 10_000 },
    find: async (organization, { field, value }) => (await search(organization, { [field]: value })).items[0],
    async *list(organization) {
      for (let from = 0, more = true; more; from += depot.page) {
        const page = await search(organization, { from: String(from) })
        yield* page.items
        more = page.more
      }
    },
    async create(data, { organization, ref, startable }) {
      const body = { ...data, reference: ref }
      const request = { method: 'POST', path: '/numbers', owner: organization, body } as const
      return applied(await ask(request, () => startable()))
    },
    update: (selector, changes, context) => change(selector, context, { method: 'PATCH', body: changes }),
    delete: (selector, context) => change(selector, context, { method: 'DELETE' }),
    findCreated: async (_, { organization, ref }) => (await search(organization, { reference: ref })).items[0],
    async check() {
      const told = await ask({ method: 'GET', path: '/account', owner: '' })
      if (typeof told === 'string' || told.code >= 500) throw new Error('the depot could not say')
      return told.code === 401 ? [{ field: 'key', message: 'The depot refuses it. Take the one of the account.' }] : []
    },
  }
}

function applied(told: Told): Applied {
  if (told === 'notSent') return { status: 'unavailable' }
  if (told === 'unknown') return { status: 'unknown' }
  const { code, body, retryAfter } = told
  if (code === 429) return { status: 'throttled', ...(retryAfter && { retryAfter: Number(retryAfter) * 1000 }) }
  if (code === 401) return { status: 'unavailable', message: 'the depot refuses the key' }
  if (code < 300 && typeof body.id === 'string') return { status: 'done', resource: resourceOf(body) }
  if (code !== 422 && code !== 404) return { status: 'unknown', message: `the depot answered ${code}` }
  const { error, title, field } = body as { error: string; title: string; field?: string }
  return { status: 'failed', errors: [{ code: error, title, ...(field && { pointer: `/${field}` }) }] }
}

function resourceOf(fields: Fields): Resource {
  return { id: String(fields.id), fields }
}

function within(clock: Clock, answer: Promise<Answer>): Promise<Told> {
  return new Promise((resolve, reject) => {
    const timer = clock.setTimeout(() => resolve('unknown'), DEADLINE)
    answer.then(resolve, reject).finally(() => clock.clearTimeout(timer))
  })
}
