import { afterEach, describe, expect, test } from 'vitest'
import { Engine, type OperationJobOptions, type ResourceBackend } from '../../src/index.js'
import { phones, world } from './support/bench.js'

const here = world({ numbers: { acme: phones(3) } })
const engine = here.engine()
const update = {
  name: 'Tag',
  organization: 'acme',
  type: 'phonenumber',
  method: 'update',
  entries: phones(3),
  data: { a: 1 },
}
const create = { name: 'Buy', organization: 'acme', type: 'phonenumber', method: 'create', data: [{}] }
const remove = { name: 'Drop', organization: 'acme', type: 'phonenumber', method: 'delete', entries: phones(3) }

const refusal = async (options: object) =>
  engine.operations.create(options as unknown as OperationJobOptions).then(
    () => 'taken',
    (error: { code: string; details: { field: string }; message: string }) => error,
  )

afterEach(async () => {
  expect(await here.storage.listJobs({ max: 10 })).toEqual({ items: [] })
})

const cyclic: Record<string, unknown> = {}
cyclic.self = cyclic

describe('what is refused, and which field it is', () => {
  test.each([
    ['name', { ...update, name: '' }],
    ['name', { ...update, name: undefined }],
    ['method', { ...update, method: 'upsert' }],
    ['type', { ...update, type: undefined }],
    ['entries', { ...update, entries: undefined }],
    ['entries', { ...update, entries: [] }],
    ['entries', { ...update, entries: '+12025550100' }],
    ['entries[1]', { ...update, entries: ['+12025550100', 12] }],
    ['entries[0]', { ...update, entries: [''] }],
    ['data', { ...update, data: undefined }],
    ['data', { ...update, data: null }],
    ['data', { ...update, data: {} }],
    ['data', { ...update, data: [{ a: 1 }] }],
    ['data.when', { ...update, data: { when: new Date(0) } }],
    ['data.n', { ...update, data: { n: Number.NaN } }],
    ['data.a.b[1]', { ...update, data: { a: { b: [1, undefined] } } }],
    ['data.self', { ...update, data: cyclic }],
    ['field', { ...update, field: 'customer_reference' }],
    ['data', { ...create, data: undefined }],
    ['data', { ...create, data: [] }],
    ['data', { ...create, data: { tags: [] } }],
    ['data[1]', { ...create, data: [{}, 'x'] }],
    ['data[1].f', { ...create, data: [{}, { f: () => {} }] }],
    ['entries', { ...create, entries: ['+12025550100'] }],
    ['entries', { ...create, entries: [] }],
    ['field', { ...create, field: 'phonenumber' }],
    ['data', { ...remove, data: { a: 1 } }],
    ['data', { ...remove, data: null }],
    ['attempts', { ...update, attempts: 0 }],
    ['attempts', { ...update, attempts: 1.5 }],
    ['concurrency', { ...update, concurrency: 0 }],
    ['cps', { ...update, cps: 0 }],
    ['weight', { ...update, weight: -1 }],
    ['metadata', { ...update, metadata: [] }],
    ['idempotencyKey', { ...update, idempotencyKey: '' }],
    ['retry', { ...update, retry: {} }],
    ['timezone', { ...update, timezone: 'UTC' }],
  ])('%s', async (field, options) => {
    const error = await refusal(options)
    expect(error).toMatchObject({ code: 'invalid_options', details: { field } })
    expect((error as { message: string }).message).toMatch(new RegExp(`^${field.replaceAll(/[[\].]/g, '\\$&')}: `))
  })

  test.each([
    ['start', { ...update, start: 'tomorrow' }],
    ['expires', { ...update, start: 'now', expires: 1 }],
    ['expires', { ...update, start: '2027-02-01T00:00', expires: '2027-01-31T00:00' }],
  ])('a time: %s', async (field, options) => {
    expect(await refusal(options)).toMatchObject({ code: 'invalid_schedule', details: { field } })
  })

  test('a type that no back end has', async () => {
    const error = await refusal({ ...update, type: 'trunk' })
    expect(error).toMatchObject({ code: 'unknown_resource', details: { field: 'type' } })
    expect((error as { message: string }).message).toContain('phonenumber')
  })

  test('an organization that the directory does not know', async () => {
    const strict = here.engine({
      directory: {
        organization: async () => undefined,
        callerNumber: async () => undefined,
        ownNumber: async () => undefined,
        authenticate: async () => undefined,
      },
    })
    await expect(strict.operations.create(update as OperationJobOptions)).rejects.toMatchObject({
      code: 'invalid_options',
      details: { field: 'organization' },
    })
  })

  test('anything that is no options', async () => {
    for (const nothing of [undefined, null, 'x', []])
      expect(await refusal(nothing as never)).toMatchObject({ code: 'invalid_options' })
  })
})

describe('what is refused when the engine is made', () => {
  const backend = here.inventory as ResourceBackend
  const { capabilities } = backend
  test.each<[string, ResourceBackend[]]>([
    ['resources[1].type', [backend, backend]],
    ['resources[0].type', [{ ...backend, type: 'a b' }]],
    ['resources[0].capabilities.keys', [{ ...backend, capabilities: { ...capabilities, keys: [] as never } }]],
    ['resources[0].capabilities.concurrency', [{ ...backend, capabilities: { ...capabilities, concurrency: 0 } }]],
    [
      'resources[0].capabilities.createVisibility',
      [{ ...backend, capabilities: { ...capabilities, createVisibility: -1 } }],
    ],
  ])('%s', (field, resources) => {
    expect(() => here.engine({ resources })).toThrow(
      expect.objectContaining({ code: 'invalid_options', details: { field } }),
    )
    expect(Engine).toBeDefined()
  })
})
