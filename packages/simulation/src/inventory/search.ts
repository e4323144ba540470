import type { Resource } from '@outdial/core'
import { chanceOf, draw, drawWithin } from '../carrier/draws.js'
import { hits } from '../carrier/faults.js'
import { INVENTORY_SLOT, type InventorySearch } from './faults.js'
import type { Premises } from './premises.js'
import { type KeptNumber, resourceOf } from './shelf.js'

/** Answers a question: what is there and visible by the time it arrives. */
export async function search(
  premises: Premises,
  asked: Omit<InventorySearch, 'time'>,
  look: () => KeptNumber | undefined,
): Promise<Resource | undefined> {
  const { method, organization, entry } = asked
  const what = `${method} ${organization} ${entry}`
  const question: InventorySearch = { ...asked, time: premises.time(what) }
  const chance = chanceOf(premises.settings.seed, what, question.time)
  const latency = drawWithin(chance, INVENTORY_SLOT.latency, premises.settings.latency)
  const there = Math.floor(latency * draw(chance, INVENTORY_SLOT.arrival))
  await premises.pause(there)
  const told = { organization, ...(method === 'findCreated' && { ref: entry }) }
  if (hits(premises.faults.findFails, INVENTORY_SLOT.findFails, chance, question, premises.now)) {
    premises.ledger.append({ at: premises.now, kind: 'notAsked', ...told })
    await premises.pause(latency - there)
    throw new Error('simulated fault: the search failed')
  }
  const kept = look()
  const visible = kept && kept.visibleAt <= premises.now ? kept : undefined
  premises.ledger.append({
    at: premises.now,
    kind: visible ? 'found' : 'notFound',
    ...told,
    ...(visible && { id: visible.id }),
  })
  const resource = visible && resourceOf(visible)
  await premises.pause(latency - there)
  return resource
}
