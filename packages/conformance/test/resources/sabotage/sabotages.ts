import type { Applied, Resource, ResourceBackend } from '@outdial/core'
import { type Depot, KEY } from '../support/depot.js'
import type { Change } from '../support/depot-harness.js'

/** A back end with one fault, which the kit has to find. */
export interface Sabotage {
  /** What it does wrong. */
  readonly name: string
  /** What would come of it in production. */
  readonly harm: string
  /** The rules it breaks, all of them. */
  readonly fails: readonly string[]
  readonly change: Change
}

const changed =
  (patch: (inner: ResourceBackend, depot: Depot) => Partial<ResourceBackend>): Change =>
  (inner, depot) => ({ ...inner, ...patch(inner, depot) })

/** A back end that makes something else of what operations answer. */
const answering = (make: (answer: Applied, depot: Depot) => Applied): Change =>
  changed((inner, depot) => ({
    create: async (...args) => make(await inner.create(...args), depot),
    update: async (...args) => make(await inner.update(...args), depot),
    delete: async (...args) => make(await inner.delete(...args), depot),
  }))

/** A back end that makes something else of the resources that it shows. */
const showing = (make: (resource: Resource) => Resource): Change =>
  changed((inner) => ({
    find: async (...args) => {
      const found = await inner.find(...args)
      return found && make(found)
    },
  }))

async function* none(): AsyncIterable<Resource> {}

export const SABOTAGES: readonly Sabotage[] = [
  {
    name: 'takes an error of the service for a failure of the item',
    harm: 'a number that was bought is bought again',
    fails: ['R-060'],
    change: answering((answer) =>
      answer.status === 'unknown' && answer.message?.endsWith('500') ? { status: 'unavailable' } : answer,
    ),
  },
  {
    name: 'takes silence for nothing done',
    harm: 'a number that was bought is bought again',
    fails: ['R-061'],
    change: answering((answer, depot) =>
      answer.status === 'unknown' && depot.last === 'silence' ? { status: 'unavailable' } : answer,
    ),
  },
  {
    name: 'waits for an answer for ever',
    harm: 'a job that stands still',
    fails: ['R-013', 'R-061', 'R-064'],
    change: changed((inner, depot) => ({
      create: async (data, context) => {
        const answer = await inner.create(data, context)
        return answer.status === 'unknown' && depot.last === 'silence' ? new Promise(() => {}) : answer
      },
      find: (...args) => inner.find(...args).catch(() => new Promise(() => {})),
    })),
  },
  {
    name: 'takes a connection that was reset for one that was refused',
    harm: 'a number that was bought is bought again',
    fails: ['R-062'],
    change: answering((answer, depot) =>
      answer.status === 'unknown' && depot.last === 'reset' ? { status: 'unavailable' } : answer,
    ),
  },
  {
    name: 'takes every success for done',
    harm: 'a purchase that may never have been, and nobody looks',
    fails: ['R-063'],
    change: answering((answer) =>
      answer.status === 'unknown' && answer.message?.endsWith('200') ? { status: 'done' } : answer,
    ),
  },
  {
    name: 'does not know that nothing was sent when nobody took the connection',
    harm: 'a job that looks for what never was',
    fails: ['R-055'],
    change: answering((answer, depot) =>
      answer.status === 'unavailable' && depot.last === 'refused' ? { status: 'unknown' } : answer,
    ),
  },
  {
    name: 'creates once more when the service fails',
    harm: 'two numbers are paid for every month',
    fails: ['R-060', 'R-064'],
    change: changed((inner) => ({
      create: async (data, context) => {
        const answer = await inner.create(data, context)
        return answer.status === 'unknown' && answer.message?.endsWith('500') ? inner.create(data, context) : answer
      },
    })),
  },
  {
    name: 'asks again at once when it is throttled',
    harm: 'a service that closes the account',
    fails: ['R-052', 'R-053', 'R-064'],
    change: changed((inner) => ({
      create: async (data, context) => {
        const answer = await inner.create(data, context)
        return answer.status === 'throttled' ? inner.create(data, context) : answer
      },
    })),
  },
  {
    name: 'takes too many requests for a failure of the item',
    harm: 'half a job fails because of a busy hour',
    fails: ['R-052', 'R-053'],
    change: answering((answer) =>
      answer.status === 'throttled' ? { status: 'failed', errors: [{ code: '429', title: 'Too many.' }] } : answer,
    ),
  },
  {
    name: 'gives the time to wait in seconds',
    harm: 'the service is asked again after seven milliseconds',
    fails: ['R-053'],
    change: answering((answer) =>
      answer.status === 'throttled' && answer.retryAfter !== undefined
        ? { ...answer, retryAfter: answer.retryAfter / 1000 }
        : answer,
    ),
  },
  {
    name: 'fails items without saying why',
    harm: 'a report that nobody can act upon',
    fails: ['R-043', 'R-050', 'R-051'],
    change: answering((answer) =>
      answer.status === 'failed' ? { status: 'failed', errors: [{ code: '', title: 'It failed.' }] } : answer,
    ),
  },
  {
    name: 'names fields as the service does',
    harm: 'a report that points nowhere',
    fails: ['R-051'],
    change: answering((answer) =>
      answer.status === 'failed'
        ? { ...answer, errors: [{ ...answer.errors[0], pointer: answer.errors[0].pointer?.slice(1) ?? '' }] }
        : answer,
    ),
  },
  {
    name: 'takes a refused key for something that may have worked',
    harm: 'a job that looks for what never was, for hours',
    fails: ['R-054'],
    change: answering((answer) => (answer.status === 'unavailable' && answer.message ? { status: 'unknown' } : answer)),
  },
  {
    name: 'never asks whether it may start',
    harm: 'a machine that slept buys numbers for a job that was canceled',
    fails: ['R-056', 'R-057'],
    change: changed((inner) => ({
      create: (data, context) => inner.create(data, { ...context, startable: () => true }),
    })),
  },
  {
    name: 'asks whether it may start before it looks for what to change',
    harm: 'changes for a job that was canceled',
    fails: ['R-057'],
    change: changed((inner) => ({
      update: async (selector, changes, context) =>
        context.startable()
          ? inner.update(selector, changes, { ...context, startable: () => true })
          : { status: 'unavailable' },
    })),
  },
  {
    name: 'finds nothing when it cannot say',
    harm: 'a plan without half of the numbers',
    fails: ['R-013'],
    change: changed((inner) => ({ find: (...args) => inner.find(...args).catch(() => undefined) })),
  },
  {
    name: 'ends a list when a page is refused',
    harm: 'a plan without half of the numbers',
    fails: ['R-022'],
    change: changed((inner) => ({
      async *list(organization) {
        try {
          yield* inner.list?.(organization) ?? none()
        } catch {}
      },
    })),
  },
  {
    name: 'lists the first page only',
    harm: 'a plan without half of the numbers',
    fails: ['R-020', 'R-023'],
    change: changed((inner) => ({
      async *list(organization) {
        let n = 0
        for await (const resource of inner.list?.(organization) ?? none()) {
          if (n++ === 3) return
          yield resource
        }
      },
    })),
  },
  {
    name: 'lists other fields than it finds',
    harm: 'a filter that selects nothing',
    fails: ['R-024'],
    change: changed((inner) => ({
      async *list(organization) {
        for await (const { id } of inner.list?.(organization) ?? none()) yield { id, fields: { id } }
      },
    })),
  },
  {
    name: 'shows everybody everything',
    harm: 'a customer deletes the numbers of another',
    fails: ['R-014', 'R-021'],
    change: changed((inner) => ({
      find: (_, selector) => inner.find('acme', selector),
      list: () => inner.list?.('acme') ?? none(),
    })),
  },
  {
    name: 'finds by one of its keys only',
    harm: 'a job by ids changes nothing',
    fails: ['R-010', 'R-011', 'R-013', 'R-024', 'R-030', 'R-040', 'R-041', 'R-100'],
    change: changed((inner) => ({
      find: async (organization, selector) =>
        selector.field === 'id' ? inner.find(organization, selector) : undefined,
    })),
  },
  {
    name: 'makes something up for what is not there',
    harm: 'a plan of numbers that nobody has',
    fails: ['R-012', 'R-014', 'R-030'],
    change: changed((inner) => ({
      find: async (organization, selector) =>
        (await inner.find(organization, selector)) ?? {
          id: selector.value,
          fields: { [selector.field]: selector.value },
        },
    })),
  },
  {
    name: 'leaves the key out of the fields',
    harm: 'a plan of which nobody can tell what it is about',
    fails: ['R-011', 'R-024', 'R-030'],
    change: showing(({ id, fields: { phonenumber: _, ...fields } }) => ({ id, fields })),
  },
  {
    name: 'replaces what it should change',
    harm: 'a change of the name loses everything else',
    fails: ['R-041'],
    change: changed((inner) => ({
      update: (selector, changes, context) => inner.update(selector, { tags: [], other: 'lost', ...changes }, context),
    })),
  },
  {
    name: 'adds to what it changes each time',
    harm: 'a repeated update is another one',
    fails: ['R-040', 'R-042', 'R-100'],
    change: changed((inner, depot) => ({
      update: (selector, changes, context) =>
        inner.update(selector, { ...changes, name: `${String(changes.name)} ${depot.asked()}` }, context),
    })),
  },
  {
    name: 'has an update of nothing done',
    harm: 'a report of changes that never were',
    fails: ['R-043'],
    change: changed((inner) => ({
      update: async (...args) => {
        const answer = await inner.update(...args)
        return answer.status === 'failed' && answer.errors[0].code === 'no_such_number' ? { status: 'done' } : answer
      },
    })),
  },
  {
    name: 'fails to delete what is gone',
    harm: 'a deletion that is repeated fails',
    fails: ['R-046'],
    change: changed((inner) => ({
      delete: async (selector, context) =>
        (await inner.find(context.organization, selector).catch(() => ({}))) === undefined
          ? { status: 'failed', errors: [{ code: 'not_found', title: 'There is none.' }] }
          : inner.delete(selector, context),
    })),
  },
  {
    name: 'looks for creations by their color',
    harm: 'the number of another job is taken for the one that was bought',
    fails: ['R-070', 'R-072', 'R-074'],
    change: changed((inner) => ({
      findCreated: async (_, { organization }) => {
        for await (const resource of inner.list?.(organization) ?? none()) return resource
        return undefined
      },
    })),
  },
  {
    name: 'finds no creation when it cannot say',
    harm: 'a number that was bought is bought again',
    fails: ['R-073'],
    change: changed((inner) => ({ findCreated: (...args) => inner.findCreated(...args).catch(() => undefined) })),
  },
  {
    name: 'knows of no time that creations take to be shown',
    harm: 'a number that was bought a moment ago is bought again',
    fails: ['R-030', 'R-070', 'R-071', 'R-074', 'R-075'],
    change: changed(({ capabilities }) => ({ capabilities: { ...capabilities, createVisibility: 0 } })),
  },
  {
    name: 'finds the creations of its own process',
    harm: 'after a restart everything is bought again',
    fails: ['R-070', 'R-071', 'R-073', 'R-074'],
    change: changed((inner) => {
      const own = new Set<string>()
      return {
        create: (data, context) => {
          own.add(context.ref)
          return inner.create(data, context)
        },
        findCreated: async (data, context) => (own.has(context.ref) ? inner.findCreated(data, context) : undefined),
      }
    }),
  },
  {
    name: 'makes one thing of two creations',
    harm: 'of ten numbers that were ordered there is one',
    fails: ['R-031', 'R-057', 'R-070', 'R-074', 'R-100'],
    change: changed((inner) => {
      let first: Promise<Applied> | undefined
      return {
        create: (data, context) => {
          first ??= inner.create(data, context)
          return first
        },
      }
    }),
  },
  {
    name: 'finds nothing wrong with a key that is refused',
    harm: 'a job of which every item fails',
    fails: ['R-081'],
    change: changed((inner) => ({ check: async () => ((await inner.check?.()) ?? []).slice(1) })),
  },
  {
    name: 'finds nothing wrong when it cannot ask',
    harm: 'an engine that starts into the void',
    fails: ['R-082'],
    change: changed((inner) => ({ check: async () => (await inner.check?.().catch(() => [])) ?? [] })),
  },
  {
    name: 'finds fault with every account',
    harm: 'an engine that does not start',
    fails: ['R-080', 'R-082'],
    change: changed(() => ({ check: async () => [{ field: 'account', message: 'Something may be wrong with it.' }] })),
  },
  {
    name: 'says which key was refused',
    harm: 'the key of the account in every log',
    fails: ['R-090'],
    change: answering((answer) =>
      answer.status === 'unavailable' ? { ...answer, message: `not with ${KEY}` } : answer,
    ),
  },
  {
    name: 'has its key where everybody can print it',
    harm: 'the key of the account in every log',
    fails: ['R-091'],
    change: changed(() => ({ options: { key: KEY } }) as object),
  },
  {
    name: 'says that it can do nothing at once',
    harm: 'a job that never starts',
    fails: ['R-001'],
    change: changed(({ capabilities }) => ({ capabilities: { ...capabilities, concurrency: 0 } })),
  },
  {
    name: 'says something else in every process',
    harm: 'workers that disagree about what can be asked',
    fails: ['R-002'],
    change: (inner) => ({ ...inner, capabilities: { ...inner.capabilities, concurrency: made++ } }),
  },
  {
    name: 'notes down who looks at a number',
    harm: 'looking at a thousand numbers changes a thousand numbers',
    fails: ['R-013', 'R-015', 'R-030', 'R-052', 'R-056'],
    change: changed((inner) => ({
      find: async (organization, selector) => {
        const context = { organization, ref: 'looked', startable: () => true }
        await inner.update(selector, { looked: true }, context)
        return inner.find(organization, selector)
      },
    })),
  },
  {
    name: 'deletes the neighbour as well',
    harm: 'numbers in use are gone',
    fails: ['R-045', 'R-046', 'R-100'],
    change: changed((inner, depot) => ({
      delete: async (selector, context) => {
        const answer = await inner.delete(selector, context)
        const [first] = depot.resources()
        if (answer.status === 'done' && answer.resource && first)
          await inner.delete({ field: 'id', value: first.id }, context)
        return answer
      },
    })),
  },
  {
    name: 'keeps one change for all that are under way',
    harm: 'ten numbers are changed to the same',
    fails: ['R-100'],
    change: changed((inner) => {
      let latest: Readonly<Record<string, unknown>> = {}
      return {
        update: async (selector, changes, context) => {
          latest = changes
          await null
          return inner.update(selector, latest, context)
        },
      }
    }),
  },
]

let made = 1
