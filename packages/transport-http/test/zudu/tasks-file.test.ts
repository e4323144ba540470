import { afterAll, beforeAll, expect, it } from 'vitest'
import { zudu } from '../../src/index.js'
import { Client } from '../support/client.js'
import { World } from '../support/world.js'
import { batch } from './bodies.js'

let world: World
let url: URL
let other: URL
beforeAll(async () => {
  world = await World.open({ dialects: [zudu({ tasksUrlLifetime: '10m' })] })
  const made = async (who: 'acme' | 'globex', from_number: string) => {
    const answer = await new Client(world, 'zudu', who).post('/batch-call', batch(3, { status: 'draft', from_number }))
    return new URL(answer.body.data.tasks_url as string)
  }
  url = await made('acme', '+13035550100')
  other = await made('globex', '+13035550102')
})
afterAll(() => world.close())

/** The URL with a parameter of another value, or without it. */
const changed = (name: string, value?: string) => {
  const copy = new URL(url)
  if (value === undefined) copy.searchParams.delete(name)
  else copy.searchParams.set(name, value)
  return copy.href
}

it('is there for whoever has the URL, without headers', async () => {
  const answer = await world.fetch(url.href)
  expect(answer.status).toBe(200)
  expect(answer.headers.get('content-type')).toContain('application/json')
  expect(await answer.json()).toMatchObject(
    ['+12025550100', '+12025550101', '+12025550102'].map((to_number) => ({ to_number, status: 'PENDING' })),
  )
})

it.each<[string, () => string]>([
  ['another signature', () => changed('signature', '0'.repeat(64))],
  ['no signature', () => changed('signature')],
  ['a later end', () => changed('expires', '4000000000000')],
  ['another organization', () => changed('organization', 'globex')],
  ["another's batch call", () => url.origin + other.pathname + url.search],
  ['nothing', () => url.origin + url.pathname],
])('is not for %s', async (_, forged) => {
  const answer = await world.fetch(forged())
  expect(answer.status).toBe(401)
  expect(await answer.json()).toMatchObject({ status: 'error', data: null })
})

it('is not reached with a key', async () => {
  const answer = await new Client(world, 'zudu').get(url.pathname)
  expect(answer.status).toBe(401)
})

it('ends, and the next one is another', async () => {
  const again = await new Client(world, 'zudu').get(url.pathname.replace('/tasks.json', ''))
  expect(again.status).toBe(200)
  await world.advance(10 * 60_000)
  expect((await world.fetch(url.href)).status).toBe(401)
  const fresh = await new Client(world, 'zudu').get(url.pathname.replace('/tasks.json', ''))
  expect((await world.fetch(fresh.body.data.tasks_url as string)).status).toBe(200)
})

it('knows its options', () => {
  expect(() => zudu({ statuses: 'title' as 'upper' })).toThrow(/^statuses: /)
  expect(() => zudu({ tasksUrlLifetime: 'soon' })).toThrow(/tasksUrlLifetime/)
})
