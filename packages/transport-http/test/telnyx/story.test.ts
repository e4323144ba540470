import { afterEach, expect, it } from 'vitest'
import { telnyx } from '../../src/index.js'
import { World } from '../support/world.js'
import { INVENTORY, PHONES, sdk } from './sdk.js'
import { FAULTS, story } from './story.js'

let world: World
afterEach(() => world.close())

it('goes from request to result for the official client, in memory', async () => {
  world = await World.open({ dialects: [telnyx()], inventory: { numbers: INVENTORY, faults: FAULTS } })
  await story(
    world,
    () => world.advance(10),
    () => world.advance(1000),
  )
})

it('shows operations moving from pending to successful, one after the other', async () => {
  world = await World.open({
    dialects: [telnyx({ perNumber: 2000 })],
    inventory: { numbers: INVENTORY, latency: [1000, 1000], concurrency: 1 },
  })
  const { jobs } = sdk(world).phoneNumbers
  const { data } = await jobs.updateBatch({ phone_numbers: [...PHONES], customer_reference: 'MY REF 001' })
  const created = Date.parse(data?.created_at as string)
  expect(data?.etc).toBe(new Date(created + 4 * 2000).toISOString())
  const seen: [string | undefined, number | undefined, number | undefined][] = []
  for (let second = 0; second < 6; second++) {
    const { status, pending_operations, successful_operations, updated_at } = (await jobs.retrieve(data?.id as string))
      .data as NonNullable<typeof data>
    seen.push([status, pending_operations?.length, successful_operations?.length])
    expect(Date.parse(updated_at as string)).toBeGreaterThanOrEqual(created)
    await world.advance(1010)
  }
  expect(seen[0]).toEqual(['in_progress', 4, 0])
  expect(seen.at(-1)).toEqual(['completed', 0, 4])
  expect(seen.map(([, pending]) => pending)).toEqual([4, 3, 2, 1, 0, 0])
  for (const [, pending, successful] of seen) expect((pending ?? 0) + (successful ?? 0)).toBe(4)
})
