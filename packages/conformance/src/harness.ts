import type { Storage } from '@outdial/core'

/**
 * What the kit needs to know of an adapter to try it. What the adapter can do is not said here: the kit reads its
 * `capabilities`, and has those proven that are claimed.
 */
export interface Harness {
  /** Name of the adapter, for the report. */
  readonly name: string
  /**
   * Where the store's time comes from. `given`: from the clock that `open` is handed; the kit then moves a clock of its
   * own, and everything is over in seconds. `own`: the store has its own time; the kit then waits in real time (a few
   * minutes in all), compares instants as coarsely as `granularityMs` says, and
   * reports the searches that need a clock to move as `notTried`: a store of its own time does well to take a given one in tests.
   */
  readonly clock: 'given' | 'own'
  /** With `clock: 'own'`: how far instants may be off that should be equal. Default 50. */
  readonly granularityMs?: number
  /**
   * How many events of a job the stores made here keep at least. The kit writes more than that and sees whether the
   * store says what it trimmed. Absent: nothing is ever trimmed, and the kit sees to that instead. Keep it small: 100 will do.
   */
  readonly events?: number
  /** Makes a fresh, empty store; called for every test, and for every run of the model. The kit calls `open` itself. */
  create(): Promise<StoreUnderTest>
}

/** One store, with what can be done to it from outside. */
export interface StoreUnderTest {
  readonly storage: Storage
  /** A second client to the same data, as another process would have. Needed when `shared` is claimed. */
  openSecond?(): Promise<Storage>
  /** Ends the store as a crash would and has it come back on the same data. Needed when `durable` is claimed. Older clients are not used any more. */
  restart?(): Promise<Storage>
  /** Remembers the state of now, for `rollback`. */
  mark?(): Promise<void>
  /** Has the store come back as it was at the last `mark`: a backup, or a replica that lagged behind. Older clients are not used any more. */
  rollback?(): Promise<Storage>
  /** Called after the test, whatever came of it. */
  destroy(): Promise<void>
}
