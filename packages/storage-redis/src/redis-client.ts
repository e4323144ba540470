/**
 * The part of an ioredis client that the store uses: of a `Redis`, also one that goes by Sentinels, or of a `Cluster`. Bring
 * your own, with the options you need; it stays yours, and is not closed with the store.
 */
export interface RedisClient {
  /** Sends a command; text in the reply comes as bytes. */
  callBuffer(command: string, ...args: (string | number | Uint8Array)[]): Promise<unknown>
  /** Another connection to the same server, or to the same Cluster. */
  duplicate(options?: object): RedisConnection
  readonly options?: { readonly keyPrefix?: string | undefined }
  /** The nodes of a Cluster. A client of one server has no such method. */
  nodes?(role?: 'all' | 'master' | 'slave'): readonly RedisClient[]
}

/** See {@link RedisClient.duplicate}. */
export interface RedisConnection {
  callBuffer(command: string, ...args: (string | number | Uint8Array)[]): Promise<unknown>
  subscribe(channel: string): Promise<unknown>
  on(event: string, listener: (...args: string[]) => void): unknown
  disconnect(): void
}
