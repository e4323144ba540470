import * as fc from 'fast-check'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type * as z from 'zod'
import type { Dialect, HttpTransportOptions, Route } from '../../src/index.js'
import { changesOf, NASTY, nearly } from './arbitrary-json.js'
import { AUTH, Client } from './client.js'
import { World } from './world.js'

/** Requests for each route; `npm run fuzz -- --requests N` sets it. */
const REQUESTS = Number(process.env.OUTDIAL_FUZZ_REQUESTS ?? 25)

/** What fuzzing needs to know of a dialect. */
export interface Fuzzing {
  dialect: Dialect
  transport?: Partial<HttpTransportOptions>
  /** A body that is accepted, by the route's method and path: fuzzing changes a field or two of it. */
  accepted?: Readonly<Record<string, object>>
  /** Path parameters of things that are there, so that requests get further than 404. */
  make?(client: Client, world: World): Promise<Readonly<Record<string, string>>[]>
  /** Bodies for raw routes, beside raw bytes. */
  raw?(route: Route): fc.Arbitrary<{ contentType: string; body: string | Uint8Array<ArrayBuffer> }>
}

interface Draw {
  path: string
  contentType: string
  body: string | Uint8Array<ArrayBuffer> | undefined
  key: string | undefined
  accept: string | undefined
  lastEvent: string | undefined
}

/** What is answered; of a stream of events, which may go on for ever, what comes first. */
async function beginningOf(response: Response): Promise<string> {
  if (!response.headers.get('content-type')?.startsWith('text/event-stream')) return response.text()
  const reader = (response.body as ReadableStream<Uint8Array>).getReader()
  const { value } = await reader.read()
  await reader.cancel()
  return new TextDecoder().decode(value)
}

const bytes = fc.uint8Array({ maxLength: 300 }).map((array) => new Uint8Array(array))
const contentTypes = fc.constantFrom('application/json', 'text/csv', 'multipart/form-data; boundary=x', 'x', '')

/**
 * Declares, for every route of a dialect: whatever is sent, the answer comes and is no 5xx, no internal text is in it, and
 * no prototype has changed. From the route's schemas and from raw bytes.
 */
export function describeFuzz(name: string, given: Fuzzing): void {
  const { dialect } = given
  describe(`fuzzing ${name}`, () => {
    let world: World
    let made: Readonly<Record<string, string>>[] = []
    // Anew for each route: one of them deletes, and what goes wrong is told of the route where it does.
    beforeEach(async () => {
      world = await World.open({ dialects: [dialect], transport: given.transport ?? {} })
      made = (await given.make?.(new Client(world, dialect.name), world)) ?? []
    })
    afterEach(() => world.close())

    it.each(dialect.routes.map((route) => [`${route.method} ${route.path}`, route] as const))(
      '%s never breaks',
      async (_, route) => {
        await fc.assert(
          fc.asyncProperty(
            drawOf(route, () => made, given),
            async ({ path, contentType, body, key, accept, lastEvent }) => {
              const headers = {
                ...AUTH[dialect.name]?.('acme'),
                ...(contentType !== '' && { 'content-type': contentType }),
                ...(key !== undefined && { 'idempotency-key': key }),
                ...(accept !== undefined && { accept }),
                ...(lastEvent !== undefined && { 'last-event-id': lastEvent }),
              }
              const bodyless = route.method === 'GET' || body === undefined
              const asked = world.fetch(path, { method: route.method, headers, ...(!bodyless && { body }) })
              // Some answers take time of a back end.
              const response = await world.meanwhile(asked, 50)
              const text = await world.meanwhile(beginningOf(response), 50)
              expect(response.status, text).toBeLessThan(500)
              expect(text).not.toMatch(/\bat .*\.[jt]s:\d+|node_modules|\/packages\//)
              expect(({} as Record<string, unknown>).polluted).toBeUndefined()
              expect(world.errors).toEqual([])
            },
          ),
          { numRuns: REQUESTS },
        )
      },
    )
  })
}

function drawOf(
  route: Route,
  made: () => readonly Readonly<Record<string, string>>[],
  given: Fuzzing,
): fc.Arbitrary<Draw> {
  const strange = fc.string({ minLength: 1, maxLength: 30 })
  const path = fc
    .tuple(fc.nat(), fc.infiniteStream(strange), fc.double({ min: 0, max: 1, noNaN: true }))
    .map(([pick, odd, chance]) => {
      const there = made()
      const one = chance < 0.8 && there.length > 0 ? there[pick % there.length] : undefined
      return route.path.replace(/:(\w+)/g, (_, key: string) => encode(one?.[key] ?? (odd.next().value as string)))
    })
  return fc
    .record({
      path: fc.tuple(path, queryOf(route)).map(([left, right]) => left + right),
      key: fc.option(
        fc.string({ minLength: 1, maxLength: 20 }).filter((text) => /^[\x21-\x7e]+$/.test(text)),
        {
          nil: undefined,
          freq: 3,
        },
      ),
      accept: fc.constantFrom(undefined, 'text/event-stream', 'application/json'),
      lastEvent: fc.constantFrom(undefined, '1', '999999999', '-1', 'x'),
    })
    .chain((rest) => bodyOf(route, given).map((body) => ({ ...rest, ...body })))
}

function bodyOf(route: Route, given: Fuzzing): fc.Arbitrary<Pick<Draw, 'contentType' | 'body'>> {
  const wild = fc.record({ contentType: contentTypes, body: fc.oneof(bytes, fc.json(), fc.constant(undefined)) })
  if (route.body === 'raw') return given.raw ? fc.oneof(given.raw(route), wild) : wild
  const values = route.body ? bodiesFor(route, route.body, given) : NASTY
  const json = values.map((value) => ({ contentType: 'application/json', body: JSON.stringify(value) ?? 'null' }))
  return fc.oneof({ arbitrary: json, weight: 5 }, { arbitrary: wild, weight: 1 })
}

function bodiesFor(route: Route, schema: z.ZodType, { accepted }: Fuzzing): fc.Arbitrary<unknown> {
  const good = accepted?.[`${route.method} ${route.path}`]
  if (!good) return nearly(schema)
  const changed = changesOf(schema).map((changes) => ({ ...good, ...changes }))
  return fc.oneof({ arbitrary: changed, weight: 3 }, nearly(schema))
}

function queryOf(route: Route): fc.Arbitrary<string> {
  const fromSchema = (route.query ? nearly(route.query as z.ZodType) : fc.constant({})).map((query) =>
    typeof query === 'object' && query !== null
      ? Object.entries(query).flatMap(([key, value]) => pairs(key, value))
      : [],
  )
  const wild = fc.array(fc.tuple(fc.string({ maxLength: 10 }), fc.string({ maxLength: 20 })), { maxLength: 3 })
  return fc
    .oneof({ arbitrary: fromSchema, weight: 4 }, { arbitrary: wild, weight: 1 })
    .map((entries) => (entries.length === 0 ? '' : `?${entries.map((pair) => pair.map(encode).join('=')).join('&')}`))
}

/** A value of a query as clients write it: lists repeat the name, objects put keys in brackets. */
function pairs(name: string, value: unknown): [string, string][] {
  if (Array.isArray(value)) return value.flatMap((inner) => pairs(name, inner))
  if (typeof value === 'object' && value !== null)
    return Object.entries(value).flatMap(([key, inner]) => pairs(`${name}[${key}]`, inner))
  return [[name, String(value)]]
}

/** Lone surrogates cannot be written in a URL. */
function encode(text: string): string {
  return encodeURIComponent(text.replace(/\p{Surrogate}/gu, '\ufffd'))
}
