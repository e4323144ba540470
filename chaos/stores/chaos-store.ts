import type { Storage } from 'outdial'
import type { TcpProxy } from '../proxy/tcp-proxy.js'
import type { Sabotage } from '../worker/sabotage.js'

/** What a scenario may want of a store, besides being shared by processes. */
export type Need = 'link' | 'crash'

/** A kind of store that workers of several processes share. One file each; `stores.ts` lists them. */
export interface ChaosStore {
  readonly name: string
  readonly offers: readonly Need[]
  /** How many people a scenario calls: what the store does in some twenty seconds. */
  readonly people: number
  /**
   * Makes an empty one, with what it needs to run, below a folder that is removed afterwards. Without `not-durable`, what it
   * has answered is on its disk.
   */
  start(folder: string, sabotage?: Sabotage): Promise<RunningStore>
  /** Opens it, in any process. With `replies-not-replayed`, what is sent again is sent by the engine alone. */
  open(address: string, sabotage?: Sabotage): Storage
}

/** A store that runs, as the conductor has it in hand. */
export interface RunningStore {
  /** For `open` of the workers; leads through the link, if there is one. */
  readonly address: string
  /** For `open` of the conductor and the judge, whom no fault may hit. */
  readonly judgeAddress: string
  /** Between the workers and the server. Offered as `link`. */
  readonly link?: TcpProxy
  /**
   * Kills the server, has its files be what a crash of the machine may leave, and starts it again. Of what it was writing
   * when it died so much is there, torn: from 0, nothing that was not confirmed, up to 1. Offered as `crash`.
   */
  crash?(torn: number): Promise<void>
  stop(): Promise<void>
}
