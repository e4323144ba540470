import * as z from 'zod'
import type { Route } from '../../frame/route.js'
import { problem } from './schema/answers.js'

/*
 * OpenAPI 3.1, whose schemas are JSON Schema: those that zod makes of what validates requests here, and of what tests hold
 * answers against.
 */

type Json = Record<string, unknown>

const HEADERS: Readonly<Record<string, { description: string; pattern?: string }>> = {
  'Idempotency-Key': {
    description: 'Makes it happen once, however often it is sent. Another request with the same key is a conflict.',
    pattern: '^[\\x21-\\x7e](?:[\\x20-\\x7e]{0,253}[\\x21-\\x7e])?$',
  },
  'If-Match': { description: 'ETag of the job as it was read: 412 when somebody has changed it since.' },
  'Last-Event-ID': { description: 'Goes on after this event of a stream.' },
}

const PARAMETER = /:(\w+)/g

/** Describes routes. `servers` is for whoever knows where they are. */
export function openApi(routes: readonly Route[]): Json {
  const components = new Components()
  const paths: Record<string, Json> = {}
  for (const route of routes) {
    const path = route.path.replace(PARAMETER, '{$1}')
    const methods = paths[path] ?? {}
    methods[route.method.toLowerCase()] = operation(route, components)
    paths[path] = methods
  }
  const failed = content('application/problem+json', components.of(problem, 'output'))
  const groups = [...new Set(routes.flatMap(({ document }) => document?.group ?? []))]
  return {
    openapi: '3.1.0',
    info: {
      title: 'Outdial',
      version: '1',
      description: 'Bulk phone work: campaigns of calls, and bulk changes of resources.',
      license: { name: 'MIT', identifier: 'MIT' },
    },
    jsonSchemaDialect: 'https://json-schema.org/draft/2020-12/schema',
    tags: groups.map((name) => ({ name })),
    paths,
    components: {
      schemas: components.schemas,
      responses: { Problem: { description: 'What went wrong, as problem details (RFC 9457).', content: failed } },
      securitySchemes: {
        bearer: { type: 'http', scheme: 'bearer' },
        key: { type: 'apiKey', in: 'header', name: 'X-API-Key' },
      },
    },
    security: [{ bearer: [] }, { key: [] }],
  }
}

function operation(route: Route, components: Components): Json {
  const { document, summary, open, scopes, path } = route
  const needs = scopes.length > 0 && `Needs a key with ${scopes.map((scope) => `\`${scope}\``).join(' or ')}.`
  return {
    operationId: operationId(route),
    summary,
    ...(needs && { description: needs }),
    ...(document && { tags: [document.group] }),
    ...(open && { security: [] }),
    parameters: [
      ...inPath(path, route.params, components),
      ...inQuery(route.query, components),
      ...(document?.headers ?? []).map((name) => {
        const { description, pattern } = HEADERS[name] ?? { description: '' }
        return {
          name,
          in: 'header',
          required: false,
          description,
          schema: { type: 'string', ...(pattern && { pattern }) },
        }
      }),
    ],
    ...requestBody(route, components),
    responses: {
      [String(document?.status ?? 200)]: answer(route, components),
      default: { $ref: '#/components/responses/Problem' },
    },
  }
}

/** `POST /v1/call-jobs/:id/pause` is `postCallJobsPause`. */
function operationId({ method, path }: Route): string {
  const words = path.replace('/v1/', '').split(/[/.-]/)
  const name = words.map((word) => (word.startsWith(':') ? `By${capital(word.slice(1))}` : capital(word))).join('')
  return `${method.toLowerCase()}${name}`
}

const capital = (word: string) => word.charAt(0).toUpperCase() + word.slice(1)

function inPath(path: string, params: z.ZodType | undefined, components: Components): Json[] {
  const { properties = {} } = (params ? components.of(params, 'input') : {}) as { properties?: Record<string, Json> }
  return [...path.matchAll(PARAMETER)].map(([, name = '']) => ({
    name,
    in: 'path',
    required: true,
    schema: properties[name] ?? { type: 'string' },
  }))
}

function inQuery(query: z.ZodType | undefined, components: Components): Json[] {
  if (!query) return []
  const { properties = {}, required = [] } = components.of(query, 'input') as {
    properties?: Record<string, Json>
    required?: string[]
  }
  return Object.entries(properties).map(([name, schema]) => ({
    name,
    in: 'query',
    required: required.includes(name),
    schema,
  }))
}

function requestBody({ body, document }: Route, components: Components): Json {
  if (body === undefined) return {}
  if (body === 'raw') {
    const types = (document?.takes ?? ['application/octet-stream']).map((type) => [type, {}])
    return { requestBody: { required: true, content: Object.fromEntries(types) } }
  }
  const required = !body.safeParse(undefined).success
  return { requestBody: { required, content: content('application/json', components.of(body, 'input')) } }
}

function answer({ document, summary }: Route, components: Components): Json {
  const said = document?.answer
  if (said === undefined) return { description: summary }
  if (said instanceof z.ZodType)
    return { description: summary, content: content('application/json', components.of(said, 'output')) }
  return { description: summary, content: Object.fromEntries((said as readonly string[]).map((type) => [type, {}])) }
}

function content(type: string, schema: Json): Json {
  return { [type]: { schema } }
}

/** Schemas that have an id, once each, and what refers to them. */
class Components {
  readonly schemas: Record<string, Json> = {}

  /** A schema as JSON Schema, with references to those that have an id. */
  of(schema: z.ZodType, io: 'input' | 'output'): Json {
    const {
      $schema: _,
      $defs = {},
      ...made
    } = z.toJSONSchema(schema, { io, unrepresentable: 'any' }) as Json & {
      $defs?: Record<string, Json>
    }
    for (const [name, definition] of Object.entries($defs)) this.schemas[name] ??= plain(definition)
    const { id } = made
    if (typeof id !== 'string') return plain(made)
    this.schemas[id] ??= plain(made)
    return { $ref: `#/components/schemas/${id}` }
  }
}

/** References to where the definitions are in the document, and no ids, which would be addresses of their own. */
function plain(schema: Json): Json {
  const text = JSON.stringify(schema, (key, value: unknown) =>
    key === 'id' && typeof value === 'string' ? undefined : value,
  )
  return JSON.parse(text.replaceAll('"#/$defs/', '"#/components/schemas/')) as Json
}
