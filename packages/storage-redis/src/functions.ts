import type { RedisClient } from './redis-client.js'
import type { Library } from './scripts.js'

/** It says so of a function that it does not have; nothing has been done. */
const UNKNOWN = /^(?:ERR )?Function not found/
/** It has none at all, or this user may not use them. */
const NONE = /^(?:NOPERM|ERR unknown (?:command|subcommand))/i
/** Somebody else was faster. */
const LOADED = /already exists/

/**
 * The library on the servers: a function has all that it is made of ready, where a script makes it anew every time. Where
 * there are no functions, or their use is forbidden, scripts do the same.
 */
export class Functions {
  readonly #client: RedisClient
  readonly #library: Library
  #forbidden = false
  #loading: Promise<boolean> | undefined

  constructor(client: RedisClient, library: Library) {
    this.#client = client
    this.#library = library
  }

  /** Calls a function. Answers nothing if that cannot be done here and now; nothing was done then. */
  async call<Told>(script: string, send: (command: string, name: string) => Promise<Told>): Promise<Told | undefined> {
    // Loaded by whoever finds it missing: then once more.
    for (let tries = 0; tries < 2 && !this.#forbidden; tries++) {
      try {
        return await send('FCALL', `${this.#library.name}_${script}`)
      } catch (error) {
        const message = error instanceof Error ? error.message : ''
        if (NONE.test(message)) this.#forbidden = true
        else if (!UNKNOWN.test(message)) throw error
        else if (!(await this.#load())) return undefined
      }
    }
    return undefined
  }

  /** Answers whether it is loaded now, as far as is known. */
  #load(): Promise<boolean> {
    this.#loading ??= this.#loadEverywhere().finally(() => {
      this.#loading = undefined
    })
    return this.#loading
  }

  async #loadEverywhere(): Promise<boolean> {
    // In a Cluster each node has libraries of its own; a replica gets those of its primary.
    const nodes = this.#client.nodes?.('master') ?? [this.#client]
    const loaded = await Promise.all(nodes.map((node) => this.#loadAt(node)))
    return loaded.includes(true)
  }

  async #loadAt(node: Pick<RedisClient, 'callBuffer'>): Promise<boolean> {
    try {
      await node.callBuffer('FUNCTION', 'LOAD', this.#library.text)
      return true
    } catch (error) {
      const message = error instanceof Error ? error.message : ''
      if (NONE.test(message)) this.#forbidden = true
      return LOADED.test(message)
    }
  }
}
