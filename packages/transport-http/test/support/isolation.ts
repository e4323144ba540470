import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Dialect, Route } from '../../src/index.js'
import { type Answer, Client } from './client.js'
import { World } from './world.js'

/** What the check needs to know of a dialect. */
export interface Isolation {
  dialect: Dialect
  /** Makes something of the first organization's in each state that matters; answers its path parameters, by name. */
  make(client: Client, world: World): Promise<Readonly<Record<string, string>>[]>
  /** Path parameters of something of the same form that never was. */
  unknown: Readonly<Record<string, string>>
  /** A body that the route would accept of the owner. Default: none. */
  body?(route: Route): unknown
  headers?(route: Route): Readonly<Record<string, string>>
  query?(route: Route): string
}

/** No key, and keys of nobody. */
const STRANGE: readonly Readonly<Record<string, string>>[] = [
  {},
  { authorization: 'Bearer nobody' },
  { 'x-api-key': 'nobody', 'x-api-secret': 'nobody' },
  { 'x-api-key': 'nobody' },
]

const parametersOf = (route: Route) => [...route.path.matchAll(/:(\w+)/g)].map(([, name]) => name as string)

/**
 * Declares, for every route of a dialect that has a path parameter: what another organization has is answered exactly as
 * what nobody has, and nothing of it changes. And for every route: no answer without a key, or with half of one.
 */
export function describeIsolation(name: string, given: Isolation): void {
  const { dialect, unknown } = given
  const path = (route: Route, parameters: Readonly<Record<string, string>>) =>
    route.path.replace(/:(\w+)/g, (_, key: string) => encodeURIComponent(parameters[key] ?? `no-${key}`)) +
    (given.query?.(route) ?? '')
  const send = (client: Client, route: Route, parameters: Readonly<Record<string, string>>) =>
    client.send(route.method, path(route, parameters), given.body?.(route), given.headers?.(route))
  /** An answer without what is different in any two. */
  const shape = ({ status, text }: Answer, parameters: Readonly<Record<string, string>>) => {
    let plain = text.replace(/[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}/g, 'UUID')
    // One may be a part of another, and is written otherwise in a path.
    for (const [key, value] of Object.entries(parameters).toSorted(([, a], [, b]) => b.length - a.length))
      plain = plain.replaceAll(value, `:${key}`).replaceAll(encodeURIComponent(value), `:${key}`)
    return { status, plain: plain.replaceAll('UUID', ':id').replace(/:\w+/g, ':id') }
  }

  describe(`isolation of ${name}`, () => {
    let world: World
    let mine: Readonly<Record<string, string>>[]
    beforeAll(async () => {
      world = await World.open({ dialects: [dialect] })
      mine = await given.make(new Client(world, dialect.name), world)
    })
    afterAll(() => world.close())

    const keyed = dialect.routes.filter(({ signed, open }) => !signed && !open)
    const addressed = keyed.filter((route) => parametersOf(route).length > 0)

    it.each(addressed.map((route) => [`${route.method} ${route.path}`, route] as const))(
      '%s answers for what is of others as for what is of nobody',
      async (_, route) => {
        expect(mine.length).toBeGreaterThan(0)
        const stranger = new Client(world, dialect.name, 'globex')
        const before = await observe(world)
        const nothing = shape(await send(stranger, route, unknown), unknown)
        expect(nothing.status).toBeGreaterThanOrEqual(400)
        expect(nothing.status).toBeLessThan(500)
        for (const parameters of mine)
          expect(shape(await send(stranger, route, parameters), parameters)).toEqual(nothing)
        expect(await observe(world)).toEqual(before)
      },
    )

    it.each(keyed.map((route) => [`${route.method} ${route.path}`, route] as const))(
      '%s answers nobody without a key',
      async (_, route) => {
        const before = await observe(world)
        const strange = new Client(world, 'no dialect')
        for (const headers of STRANGE) {
          const ask = async (parameters: Readonly<Record<string, string>>) =>
            shape(await strange.send(route.method, path(route, parameters), given.body?.(route), headers), parameters)
          const answer = await ask(mine[0] ?? unknown)
          expect(answer.status).toBe(401)
          expect(answer).toEqual(await ask(unknown))
        }
        expect(await observe(world)).toEqual(before)
      },
    )
  })
}

/** Every job of everybody, as the store has it. */
async function observe(world: World): Promise<unknown> {
  const { items } = await world.storage.listJobs({ max: 1000 })
  return items.map(({ id, organization, revision, phase, counts, spec }) => {
    return { id, organization, revision, phase, counts, spec }
  })
}
