import * as z from 'zod'
import { bearer, type Dialect, json, RequestFailed, type Route, route, statusOf, WireError } from '../../src/index.js'

/** A dialect with a route for each thing that the frame does. */
export function sampleDialect(more: readonly Route[] = []): Dialect {
  return {
    name: 'sample',
    roots: ['/sample'],
    credential: bearer,
    failure: (failure) => new WireError(statusOf(failure), { sample: failure.kind }),
    routes: [
      route({
        method: 'GET',
        path: '/sample/things/:id',
        scopes: ['things.read'],
        summary: 'Get a thing',
        query: z.strictObject({ view: z.enum(['short', 'long']).optional() }),
        handle: ({ params, query, desk }) => json(200, { params, query, organization: desk.organization }),
      }),
      route({
        method: 'POST',
        path: '/sample/things',
        scopes: [],
        summary: 'Make a thing',
        body: z.strictObject({ name: z.string() }),
        maxBody: 1000,
        handle: ({ body }) => json(201, body),
      }),
      route({
        method: 'POST',
        path: '/sample/uploads',
        scopes: [],
        summary: 'Count bytes',
        body: 'raw',
        maxBody: 5000,
        async handle({ raw }) {
          let size = 0
          for await (const piece of raw.stream()) size += piece.length
          return json(200, { type: raw.type, size })
        },
      }),
      route({
        method: 'GET',
        path: '/sample/files/:name',
        scopes: [],
        signed: true,
        summary: 'Read a file',
        handle: ({ params, desk }) => json(200, { ...params, organization: desk.organization }),
      }),
      route({
        method: 'GET',
        path: '/sample/link',
        scopes: [],
        summary: 'Make a link to a file',
        handle: async ({ links }) => json(200, { url: await links.signed('/sample/files/a.json', 60_000) }),
      }),
      route({
        method: 'GET',
        path: '/sample/broken',
        scopes: [],
        summary: 'Throw',
        handle: () => {
          throw new Error('the password is hunter2')
        },
      }),
      route({
        method: 'GET',
        path: '/sample/missing',
        scopes: [],
        summary: 'Find nothing',
        handle: () => {
          throw new RequestFailed({ kind: 'missing', what: 'task', id: 'x' })
        },
      }),
      ...more,
    ],
  }
}
