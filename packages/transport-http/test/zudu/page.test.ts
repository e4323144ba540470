import { expect, it } from 'vitest'
import { zudu } from '../../src/index.js'
import { AUTH } from '../support/client.js'
import { World } from '../support/world.js'
import { CREATE } from './page.js'

/** The same with every value that is made by the server, or by who asks, replaced by what it looks like. */
function shapeOf({ data, ...rest }: Record<string, unknown>): unknown {
  const { batch_call_id, organization_id, tasks_url, created_timestamp, access_info, timezone, ...fields } =
    data as Record<string, unknown>
  const made = {
    batch_call_id: String(batch_call_id).replace(/[0-9a-f]{32,33}$/, 'HEX'),
    organization_id: typeof organization_id,
    tasks_url: String(tasks_url).replace(/^https?:.*\/tasks\.json(\?.*)?$/, 'URL'),
    created_timestamp: Number.isInteger(created_timestamp),
    access_info: Object.entries(access_info as object).map(([name, value]) => [name, String(value).split('_')[0]]),
  }
  return { ...rest, keys: Object.keys(data as object), fields, made, timezone: typeof timezone }
}

it('answers the printed request in the printed form', async () => {
  const world = await World.open({ dialects: [zudu()], transport: { callerIds: 'any' } })
  const { method, path, headers, body, answer } = CREATE
  const got = await world.fetch(path, { method, headers: { ...headers, ...AUTH.zudu?.('acme') }, body })
  const received = (await got.json()) as Record<string, unknown>
  expect(got.status).toBe(201)
  expect(shapeOf(received)).toEqual(shapeOf(answer))
  // The page prints another time zone than it was sent; ours is the one that was.
  expect(received.data).toMatchObject({ timezone: 'America/New_York' })
  await world.close()
})
