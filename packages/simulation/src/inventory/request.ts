import type { Applied, ResourceError } from '@outdial/core'
import { chanceOf, draw, drawWithin } from '../carrier/draws.js'
import { type Fault, hits } from '../carrier/faults.js'
import { apply } from './apply.js'
import { INVENTORY_SLOT, type InventoryFaults, type InventoryRequest } from './faults.js'
import type { Premises } from './premises.js'

/** The way of a request: out to the inventory, what is made of it, and the answer back, each of which can fail. */
export async function send(
  premises: Premises,
  asked: Omit<InventoryRequest, 'time'>,
  startable: () => boolean,
): Promise<Applied> {
  const what = `${asked.method} ${asked.organization} ${asked.entry ?? JSON.stringify(asked.data)}`
  const request: InventoryRequest = { ...asked, time: premises.time(what) }
  if (!startable()) {
    return premises.note(request, 'notSent', {
      status: 'unavailable',
      message: 'the operation may no longer be started',
    })
  }
  const chance = chanceOf(premises.settings.seed, what, request.time)
  premises.open++
  premises.mostOpen = Math.max(premises.mostOpen, premises.open)
  try {
    return await underWay(premises, request, chance)
  } finally {
    premises.open--
  }
}

async function underWay(premises: Premises, request: InventoryRequest, chance: number): Promise<Applied> {
  const { settings, faults } = premises
  const strikes = (name: Decision) => hits(faults[name], INVENTORY_SLOT[name], chance, request, premises.now)
  const latency = drawWithin(chance, INVENTORY_SLOT.latency, settings.latency)
  const there = Math.floor(latency * draw(chance, INVENTORY_SLOT.arrival))

  const lost = strikes('timeoutNotApplied')
  if (lost || strikes('timeoutApplied')) {
    if (lost) premises.note(request, 'lost', { status: 'unknown' })
    else
      void arrive(
        premises,
        request,
        chance,
        there + drawWithin(chance, INVENTORY_SLOT.transit, faults.transit ?? [0, 0]),
      )
    await premises.pause(latency)
    if (strikes('silent')) return new Promise(() => {})
    if (strikes('throws')) throw new Error('simulated fault: the connection was reset')
    return { status: 'unknown', message: 'simulated fault: the request timed out' }
  }

  const refused = turnedAway(premises, request, strikes)
  if (refused) {
    await premises.pause(latency)
    return refused
  }
  const answer = await arrive(premises, request, chance, there)
  await premises.pause(latency - there)
  return answer
}

/** The request is on its way, whatever becomes of the one who sent it. */
async function arrive(premises: Premises, request: InventoryRequest, chance: number, ms: number): Promise<Applied> {
  await premises.pause(ms)
  const failure = failureOf(premises, request, chance)
  if (failure)
    return premises.note(request, 'refused', { status: 'failed', errors: [failure] }, undefined, failure.code)
  return apply(premises, request, chance)
}

/** Faults that are decided once per request. */
type Decision = {
  [Name in keyof InventoryFaults]-?: NonNullable<InventoryFaults[Name]> extends Fault<InventoryRequest> ? Name : never
}[keyof InventoryFaults]

function turnedAway(
  premises: Premises,
  request: InventoryRequest,
  strikes: (name: Decision) => boolean,
): Applied | undefined {
  const { throttle, settings } = premises
  const monotonic = settings.clock?.monotonic() ?? 0
  const retryAfter = throttle?.wait(monotonic) ?? 0
  if (retryAfter > 0) return premises.note(request, 'throttled', { status: 'throttled', retryAfter })
  throttle?.take(monotonic)
  if (strikes('throttled')) return premises.note(request, 'throttled', { status: 'throttled', retryAfter: 1000 })
  if (strikes('unavailable')) return premises.note(request, 'unavailable', { status: 'unavailable' })
  return undefined
}

function failureOf({ faults, now }: Premises, request: InventoryRequest, chance: number): ResourceError | undefined {
  for (const [i, { when, ...error }] of (faults.fails ?? []).entries()) {
    if (hits(when, INVENTORY_SLOT.fails + i, chance, request, now)) return error
  }
  return undefined
}
