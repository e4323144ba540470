import type { CarrierServerOptions } from '@outdial/simulation/process'
import type { CampaignOptions } from '../conductor/campaigns.js'
import type { Field } from '../conductor/field.js'
import type { Need } from '../stores/chaos-store.js'
import type { Sabotage } from '../worker/sabotage.js'

/** A kind of trouble, and what has to be there for it. */
export interface Scenario {
  readonly name: string
  /** In a line, for the table. */
  readonly about: string
  /** What it wants of the store besides being shared. */
  readonly needs?: readonly Need[]
  readonly workers: number
  /** Those of them that the scenario starts itself, later. */
  readonly late?: readonly number[]
  /** How far the clock of each worker is from the carrier's, in milliseconds. Default: not at all. */
  readonly skews?: readonly number[]
  /** Whether whoever makes and changes the campaigns is behind the same link to the store as the workers. */
  readonly usersOverLink?: boolean
  /** Whether the first answer to every exchange is lost. */
  readonly loseReplies?: boolean
  /** What is otherwise about its campaigns. */
  readonly campaigns?: CampaignOptions
  /** How the carrier behaves, besides what all scenarios have in common; nothing that cannot be written as JSON. */
  readonly carrier?: CarrierServerOptions
  /** Mechanisms whose absence this scenario has to reveal. */
  readonly controls: readonly Sabotage[]
  /** Makes the trouble. Resolves when it is over; the campaigns need not be. */
  act(field: Field): Promise<void>
}
