import * as fc from 'fast-check'
import { expect, it } from 'vitest'
import { zudu } from '../../src/index.js'
import { Client } from '../support/client.js'
import { World } from '../support/world.js'
import { batch, MONDAY } from './bodies.js'

const MINUTE = 60_000
const text = (minute: number) =>
  `${String(Math.floor(minute / 60)).padStart(2, '0')}:${String(minute % 60).padStart(2, '0')}`

const zones = fc.constantFrom('UTC', 'America/New_York', 'Asia/Kolkata', 'Pacific/Kiritimati', 'Asia/Kathmandu')

/** Whether it is quiet at an instant: told in another way than the dialect tells it. */
function isQuiet(at: number, start: number, end: number, zone: string): boolean {
  const clock = new Intl.DateTimeFormat('en-GB', { timeZone: zone, hour: '2-digit', minute: '2-digit' }).format(at)
  const [hour = 0, minute = 0] = clock.split(':').map(Number)
  // Walks around the clock from the start: quiet for as long as the end has not been passed.
  const since = (hour * 60 + minute - start + 1440) % 1440
  return since < (end - start + 1440) % 1440
}

it('calls at the first instant that is not quiet, and never when it is', async () => {
  await fc.assert(
    fc.asyncProperty(fc.nat({ max: 1439 }), fc.nat({ max: 1439 }), zones, async (start, end, timezone) => {
      fc.pre(start !== end)
      let loud = MONDAY
      while (isQuiet(loud, start, end, timezone)) loud += MINUTE
      const world = await World.open({ dialects: [zudu()] })
      const quiet_hours = { enabled: true, start_time: text(start), end_time: text(end), timezone }
      const made = await new Client(world, 'zudu').post('/batch-call', batch(2, { quiet_hours }))
      expect(made.status, made.text).toBe(201)
      while (world.clock.now() <= loud) await world.advance(60 * MINUTE)
      const placed = [...world.carrier.ledger].filter(({ kind }) => kind === 'placed')
      await world.close()
      expect(placed).toHaveLength(2)
      for (const { at } of placed) {
        expect(at).toBeGreaterThanOrEqual(loud)
        expect(at).toBeLessThan(loud + MINUTE)
      }
    }),
    { numRuns: 15 },
  )
})
