/**
 * A transactional, ordered key-value store, as {@link kvStorage} needs it: the one thing to write for a database of your own.
 *
 * Keys and values are text. Keys are printable ASCII without blanks, so every database puts them into the same order: by
 * their characters' codes, byte by byte. They are rarely longer than 200 characters; what makes them long are the ids and
 * names of the host. Values are JSON without NUL and without halves of surrogate pairs: any text column will do.
 */
export interface Kv {
  readonly capabilities: KvCapabilities
  /**
   * Runs `work` and makes everything it wrote visible and lasting in one atomic step, or nothing of it.
   *
   * If `get`, `range`, `set` and `delete` answer with values, `work` is done when it returns, and a database whose
   * transactions are synchronous may commit at once; if any of them answers with a promise, `work` returns a promise, and
   * the commit has to wait for it. A throw or a rejection of `work` has to undo everything and be passed on.
   *
   * What `work` reads must not be changed by others before its commit (serializable isolation, or one writer at a time).
   * A database that finds such a conflict late may run `work` again from its start.
   *
   * One `kvStorage` has one transaction under way at a time. A rejected promise means that nobody knows whether the
   * transaction happened.
   */
  transaction<T>(work: (tx: KvTransaction) => T | Promise<T>, options?: TransactionOptions): Promise<T>
  /** Releases what the store holds, after the last transaction. Called once, by `Storage.close`. */
  close(): void | Promise<void>
}

/** What a {@link Kv} can do. `kvStorage` passes it on as the capabilities of the storage. */
export interface KvCapabilities {
  /**
   * Several processes may use the same data at once. If so, workers that wait for work look every now and then for what
   * other processes have signaled; if not, only this process can wake them.
   */
  readonly shared: boolean
  /**
   * A transaction that has been answered survives a crash of the process; one with `durable: true` also a crash of the
   * machine or of the database server. If not, `exchange({ durable: true })` is refused with `not_durable`.
   */
  readonly durable: boolean
}

/** Options of {@link Kv.transaction}. */
export interface TransactionOptions {
  /** The promise may not resolve before the transaction is on disk. Default false: surviving this process is enough. */
  readonly durable?: boolean
}

/** A value, or the promise of it. */
export type Answer<T> = T | Promise<T>

/** What can be done inside a transaction. It sees what was committed before it began. */
export interface KvTransaction {
  /** The value of a key; `undefined` if it has none. */
  get(key: string): Answer<string | undefined>
  /** The first `limit` entries from `gte` (included) to `lt` (excluded), ascending by key. */
  range(query: KvRange): Answer<readonly KvEntry[]>
  /**
   * Gives a key its value. All of `set` and `delete` come after the last `get` and `range`, each key once, several without
   * waiting for each other: whether a transaction sees its own writes does not matter.
   */
  set(key: string, value: string): Answer<void>
  /** Removes a key. One that is not there: nothing. */
  delete(key: string): Answer<void>
}

/** A part of the keys. See {@link KvTransaction.range}. */
export interface KvRange {
  readonly gte: string
  readonly lt: string
  readonly limit: number
}

/** A key and its value. */
export type KvEntry = readonly [key: string, value: string]
