/**
 * The part of an ioredis client that the store uses. Bring your own, with the options you need; it stays yours, and is not
 * closed with the store.
 */
export interface RedisClient {
  /** Sends a command; text in the reply comes as bytes. */
  callBuffer(command: string, ...args: (string | number | Uint8Array)[]): Promise<unknown>
  /** Another connection to the same server, for what is published there. */
  duplicate(): RedisSubscriber
  readonly options?: { readonly keyPrefix?: string | undefined }
}

/** See {@link RedisClient.duplicate}. */
export interface RedisSubscriber {
  subscribe(channel: string): Promise<unknown>
  on(event: string, listener: (...args: never[]) => void): unknown
  disconnect(): void
}
