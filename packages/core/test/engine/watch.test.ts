import { describe, expect, it } from 'vitest'
import { type Reconciler, Watch } from '../../src/engine/watch.js'
import type { LiveRecord } from '../../src/index.js'
import { bench } from './support/bench.js'

const record = (ref: string) => ({ ref }) as LiveRecord
const records = (count: number) => Array.from({ length: count }, (_, i) => record(`r${i}`))

/** A watchdog over a store that hands these out, one list after the other, and then nothing. */
function watched(lists: (LiveRecord[] | Error)[], reconcilers: Partial<Reconciler>[]) {
  const asked: string[] = []
  const here = bench({
    overdue: async ({ routes, max, snooze }) => {
      asked.push(`${routes} ${max} ${snooze} at ${here.now()}`)
      const list = lists.shift() ?? []
      if (list instanceof Error) throw list
      return list
    },
  })
  const full = reconcilers.map((one): Reconciler => ({ routes: ['sim'], look: () => Promise.resolve(), ...one }))
  /** The first reply of the store: before it, nobody here knows what time it is. */
  const hear = () => here.host.synchronize(here.clock.now(), here.clock.monotonic())
  return { ...here, asked, hear, watch: new Watch(here.host, full) }
}

describe('the watchdog', () => {
  it('asks every five seconds for what is overdue, for each who can find out about it', async () => {
    const looked: string[] = []
    const look = (name: string) => async (overdue: LiveRecord) => void looked.push(`${name} ${overdue.ref}`)
    const { watch, clock, hear, asked } = watched(
      [[record('a')], [record('b'), record('c')]],
      [
        { routes: ['sim', 'other'], look: look('calls') },
        { routes: [], look: look('nobody') },
        { routes: ['resources:number'], look: look('operations') },
      ],
    )
    watch.start()
    hear()
    await clock.advance(5000)
    expect(looked).toEqual(['calls a', 'operations b', 'operations c'])
    expect(asked).toEqual([
      'sim,other 32 15000 at 0',
      'resources:number 32 15000 at 0',
      'sim,other 32 15000 at 5000',
      'resources:number 32 15000 at 5000',
    ])
    await watch.stop()
    await clock.advance(60_000)
    expect(asked).toHaveLength(4)
    expect(clock.pending).toBe(0)
  })

  it('looks at nothing before the store has said what time it is', async () => {
    const { watch, clock, hear, asked } = watched([], [{}])
    watch.start()
    await clock.advance(60_000)
    expect(asked).toEqual([])
    hear()
    await clock.advance(0)
    expect(asked).toHaveLength(1)
    await watch.stop()
  })

  it('goes on at once as long as the store hands out as many as it was asked for', async () => {
    const { watch, clock, hear, asked } = watched([records(32), records(32), records(31)], [{}])
    watch.start()
    hear()
    await clock.advance(0)
    expect(asked).toEqual(Array(3).fill('sim 32 15000 at 0'))
    await watch.stop()
  })

  it('looks at all of them at once, and at the others though one look fails, which is told', async () => {
    const looked: string[] = []
    const here = watched(
      [records(3)],
      [
        {
          look: async ({ ref }) => {
            if (ref === 'r0') throw new Error('no')
            await here.host.pause(1000, here.host.ended)
            looked.push(`${ref} ${here.now()}`)
          },
        },
      ],
    )
    here.watch.start()
    here.hear()
    await here.clock.advance(1000)
    expect(looked).toEqual(['r1 1000', 'r2 1000'])
    expect(here.failures).toEqual([{ error: new Error('no'), retryIn: 15_000 }])
    await here.watch.stop()
  })

  it('asks again later when the store cannot be asked', async () => {
    const { watch, clock, hear, asked, failures } = watched([new Error('gone')], [{}])
    watch.start()
    hear()
    await clock.advance(5000)
    expect(asked).toHaveLength(2)
    expect(failures).toEqual([{ error: new Error('gone'), retryIn: 5000 }])
    await watch.stop()
  })

  it('stops without waiting for looks that never end', async () => {
    const { watch, clock, hear, asked } = watched([records(32), records(32)], [{ look: () => new Promise(() => {}) }])
    watch.start()
    hear()
    await clock.advance(1000)
    expect(asked).toHaveLength(1)
    let stopped = false
    void watch.stop().then(() => {
      stopped = true
    })
    await clock.advance(0)
    expect(stopped).toBe(true)
    expect(asked).toHaveLength(1)
  })

  it('lets go of what others have ended every sixth round, and when asked, as far as the store can be asked', async () => {
    const tidied: string[] = []
    const here = watched(
      [],
      [
        {},
        {
          tidy: async () => {
            tidied.push(`at ${here.now()}`)
            if (tidied.length === 2) throw new Error('gone')
          },
        },
      ],
    )
    here.watch.start()
    here.hear()
    await here.clock.advance(60_000)
    expect(tidied).toEqual(['at 25000', 'at 55000'])
    expect(here.failures).toEqual([{ error: new Error('gone'), retryIn: 5000 }])
    await here.watch.tidy()
    expect(tidied).toHaveLength(3)
    await here.watch.stop()
  })
})
