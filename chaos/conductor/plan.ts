import type { Scenario } from '../scenarios/scenario.js'
import { SCENARIOS } from '../scenarios/scenarios.js'
import type { ChaosStore } from '../stores/chaos-store.js'
import { storeNamed } from '../stores/stores.js'
import type { Sabotage } from '../worker/sabotage.js'

/** One run: a scenario, over a store, with a mechanism switched off if it is a control. */
export interface Planned {
  scenario: Scenario
  store: ChaosStore
  people: number
  sabotage?: Sabotage
}

/** Which runs were asked for; throws with the names there are for one that there is not. */
export function planned(asked: {
  store: string
  scenarios: readonly string[]
  controls: boolean
  people?: number
}): Planned[] {
  const store = storeNamed(asked.store)
  const able = SCENARIOS.filter(({ needs = [] }) => needs.every((need) => store.offers.includes(need)))
  for (const name of asked.scenarios) {
    if (able.some((scenario) => scenario.name === name)) continue
    const names = able.map((scenario) => scenario.name).join(', ')
    throw new Error(`There is no scenario '${name}' over ${store.name}. There are: ${names}.`)
  }
  const chosen = able.filter(({ name }) => asked.scenarios.length === 0 || asked.scenarios.includes(name))
  const people = asked.people ?? store.people
  return chosen.flatMap((scenario): Planned[] => {
    if (!asked.controls) return [{ scenario, store, people }]
    // A violation is found among fewer as well.
    const fewer = asked.people ?? Math.round(people / 2)
    return scenario.controls.map((sabotage) => ({ scenario, store, people: fewer, sabotage }))
  })
}
