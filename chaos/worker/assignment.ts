import type { Prices } from '../judge/evidence.js'
import type { Sabotage } from './sabotage.js'

/** What a worker is told when it is started, as JSON in its only argument. */
export interface Assignment {
  store: string
  address: string
  carrierUrl: string
  /** Where it takes webhooks. */
  port: number
  /** Where the carrier sends those of the calls that it places: another worker's, so that every event lands elsewhere. */
  callbackPort: number
  /** Milliseconds by which its clock is wrong. */
  skew: number
  lookup: boolean
  visibilityLag: number
  /** How often the store's answer to an exchange is lost on its way: each once, or never. */
  loseReplies: boolean
  /** What calls cost, where anybody knows. */
  prices?: Prices
  sabotage?: Sabotage
}

/** What the conductor tells a worker while it runs. */
export type Order = 'freeze'
/** What a worker tells the conductor. */
export type Notice = 'ready' | 'freezing'
