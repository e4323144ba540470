import type { Resource } from '@outdial/core'
import { chanceOf, draw, drawWithin } from '../carrier/draws.js'
import { hits } from '../carrier/faults.js'
import { INVENTORY_SLOT, type InventorySearch } from './faults.js'
import type { InventoryEntry } from './inventory-ledger.js'
import type { Premises } from './premises.js'
import { type KeptNumber, resourceOf } from './shelf.js'

type Noted = Pick<InventoryEntry, 'kind' | 'id' | 'detail'>

/** Answers a question for one number: it is there, and visible, by the time the question arrives. */
export function search(
  premises: Premises,
  asked: Omit<InventorySearch, 'time'>,
  look: () => KeptNumber | undefined,
): Promise<Resource | undefined> {
  return answer(premises, asked, () => {
    const kept = look()
    return kept && isVisible(premises, kept)
      ? [{ kind: 'found', id: kept.id }, resourceOf(kept)]
      : [{ kind: 'notFound' }, undefined]
  })
}

/** Answers a question for all numbers of an organization. */
export async function* listing(premises: Premises, organization: string): AsyncGenerator<Resource, void, undefined> {
  yield* await answer(premises, { method: 'list', organization, entry: '' }, () => {
    const all = [...premises.shelf].filter((kept) => kept.organization === organization && isVisible(premises, kept))
    return [{ kind: 'listed', detail: String(all.length) }, all.map(resourceOf)]
  })
}

/** The way of a question: there, what is seen at that moment, and back. */
async function answer<T>(premises: Premises, asked: Omit<InventorySearch, 'time'>, look: () => [Noted, T]): Promise<T> {
  const { method, organization, entry } = asked
  const what = `${method} ${organization} ${entry}`
  const question: InventorySearch = { ...asked, time: premises.time(what) }
  const chance = chanceOf(premises.settings.seed, what, question.time)
  const latency = drawWithin(chance, INVENTORY_SLOT.latency, premises.settings.lookupLatency)
  const there = Math.floor(latency * draw(chance, INVENTORY_SLOT.arrival))
  await premises.pause(there)
  const told = { organization, ...(method === 'findCreated' && { ref: entry }) }
  if (hits(premises.faults.findFails, INVENTORY_SLOT.findFails, chance, question, premises.now)) {
    premises.ledger.append({ at: premises.now, kind: 'notAsked', ...told })
    await premises.pause(latency - there)
    throw new Error('simulated fault: the search failed')
  }
  const [noted, seen] = look()
  premises.ledger.append({ at: premises.now, ...told, ...noted })
  await premises.pause(latency - there)
  return seen
}

function isVisible({ now }: Premises, { visibleAt }: KeptNumber): boolean {
  return visibleAt <= now
}
