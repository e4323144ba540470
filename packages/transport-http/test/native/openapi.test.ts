import { Validator } from '@seriousme/openapi-schema-validator'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { native } from '../../src/index.js'
import { World } from '../support/world.js'

let world: World
beforeAll(async () => {
  world = await World.open({ dialects: [native()] })
})
afterAll(() => world.close())

it('is a valid OpenAPI 3.1 document that says all there is, to anybody', async () => {
  const response = await world.fetch('/v1/openapi.json')
  expect(response.status).toBe(200)
  // biome-ignore lint/suspicious/noExplicitAny: it is judged as a whole.
  const document = (await response.json()) as any
  const validator = new Validator()
  expect(await validator.validate(structuredClone(document))).toEqual({ valid: true })
  expect(validator.version).toBe('3.1')
  expect(document.servers).toEqual([{ url: world.base }])

  const described = Object.entries(document.paths as Record<string, object>).flatMap(([path, methods]) =>
    Object.keys(methods).map((method) => `${method.toUpperCase()} ${path}`),
  )
  const { routes } = native()
  expect(described.toSorted()).toEqual(
    routes.map(({ method, path }) => `${method} ${path.replaceAll(/:(\w+)/g, '{$1}')}`).toSorted(),
  )
  const ids = Object.values(document.paths as Record<string, Record<string, { operationId: string }>>).flatMap(
    (methods) => Object.values(methods).map(({ operationId }) => operationId),
  )
  expect(new Set(ids).size).toBe(ids.length)
})

it('has no reference that leads nowhere, and the fields that are taken', async () => {
  const text = await (await world.fetch('/v1/openapi.json')).text()
  const { components } = JSON.parse(text) as {
    components: { schemas: Record<string, { properties: Record<string, unknown>; required?: string[] }> }
  }
  const referred = [...text.matchAll(/"#\/components\/schemas\/(\w+)"/g)].map(([, name = '']) => name)
  expect(referred.filter((name) => !(name in components.schemas))).toEqual([])
  expect(text).not.toContain('#/$defs/')
  const { properties, required } = components.schemas.CallJobOptions ?? { properties: {} }
  expect(required).toEqual(['name', 'from', 'contacts'])
  expect(Object.keys(properties)).toEqual(
    expect.arrayContaining(['retry', 'window', 'caps', 'concurrency', 'keepOpen']),
  )
  expect(components.schemas.Problem?.properties).toHaveProperty('code')
})
