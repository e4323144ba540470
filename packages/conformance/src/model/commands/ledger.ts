import fc from 'fast-check'
import { must } from '../admission.js'
import { equal } from '../equal.js'
import type { Real } from '../real.js'
import { type ModelEntry, pick, type World } from '../world.js'
import { Command, type Drawn } from './command.js'

/** Takes a page of the ledger: of every organization the oldest that nobody has, or has had for too long. */
class Take extends Command<{ max: number; leaseMs: number }> {
  async perform(world: World, real: Real): Promise<void> {
    const page = await real.storage.takeLedger(this.plan)
    const { max, leaseMs } = this.plan
    const free = world.ledger.filter(({ lease }) => lease === undefined || lease.until <= world.now)
    must(page.entries.length <= max, 'more entries than were asked for')
    must((page.page === undefined) === (page.entries.length === 0), 'a page without entries, or entries without a page')
    must(
      page.entries.length > 0 || free.length === 0,
      `${free.length} entries of the ledger are kept from whoever asks`,
    )
    const left = new Map<string, ModelEntry[]>()
    for (const one of free) left.set(one.organization, [...(left.get(one.organization) ?? []), one])
    for (const told of page.entries) {
      const organization = world.ledger.find(({ entry }) => entry.jobId === told.jobId)?.organization ?? ''
      const one = left.get(organization)?.shift()
      equal(told, one?.entry, 'the oldest entry of its organization')
      if (one) one.lease = { page: page.page ?? '', until: world.now + leaseMs }
    }
    if (page.page !== undefined) world.pages.push(page.page)
  }
}

/** Says that a page is safe: one that was handed out some time. */
class Acknowledge extends Command<number> {
  async perform(world: World, real: Real): Promise<void> {
    const page = pick(world.pages, this.plan)
    if (page === undefined) return
    await real.twice(world, () => real.storage.acknowledgeLedger(page))
    world.ledger = world.ledger.filter(({ lease }) => lease?.page !== page)
  }
}

export const ledgerPages: Drawn = fc
  .record({ max: fc.constantFrom(1, 2, 10), leaseMs: fc.constantFrom(100, 2000, 60_000) })
  .map((drawn) => new Take(drawn))
export const acknowledgements: Drawn = fc.nat().map((drawn) => new Acknowledge(drawn))
