import { type ErrorDetails, OutdialError } from '@outdial/core'
import type { Barrier } from './barrier.js'
import { Functions } from './functions.js'
import { type Packed, unpack } from './msgpack.js'
import type { RedisClient } from './redis-client.js'
import { refusal, serverError } from './reply-error.js'
import { libraryOf, type Script, type ScriptName, scriptOf } from './scripts.js'

/** Half of a surrogate pair, as JSON writes it: Lua's JSON knows none. */
const LONE = /\\ud[89ab][0-9a-f]{2}|\\ud[c-f][0-9a-f]{2}/g

/**
 * A script names two keys that never exist. While a Cluster moves a slot key by key, some of ours are at one node and some at
 * the other; a node that owns all of a slot runs the script, and one that does not refuses it for the sake of the two.
 */
const NOWHERE = 'nowhere'

/** What a script gets beside its arguments. */
export interface RunOptions {
  /** Random text, different every time. */
  readonly nonce?: string
  /** What it keeps without looking into it. */
  readonly bytes?: readonly Buffer[]
  /** It is to be answered only when it is on disk and on every replica that may be promoted. */
  readonly safe?: boolean
}

/** What a script says: its answer, with texts beside it if it has some. */
export type Told = Buffer | readonly Buffer[]

/** Runs the scripts of the store on a server. */
export class Server {
  readonly #client: RedisClient
  readonly #base: string
  readonly #clock: string | undefined
  readonly #functions: Functions
  readonly #keepEvents: number
  /** Text that a script gets beside its arguments. */
  readonly #given: () => string
  /** What has to be safe goes through it, if the server does not see to that by itself. */
  barrier: Barrier | undefined

  constructor(client: RedisClient, base: string, keepEvents: number, test?: { clock: string; given: () => string }) {
    this.#client = client
    this.#base = base
    this.#keepEvents = keepEvents
    this.#functions = new Functions(client, libraryOf(test?.clock))
    this.#clock = test?.clock
    this.#given = test?.given ?? (() => '')
  }

  /**
   * Runs a script. A refusal of ours is an `OutdialError`; anything else says that nobody knows what has happened. The
   * arguments go as JSON, unless they are packed already.
   */
  async run(
    name: ScriptName,
    args: object,
    { nonce = '', bytes = [], safe = false }: RunOptions = {},
  ): Promise<Packed> {
    const { answer } = await this.runBeside(name, args, { nonce, bytes, safe })
    return answer
  }

  /** The same for a script that tells texts beside its answer. */
  async runBeside(
    name: ScriptName,
    args: object,
    { nonce = '', bytes = [], safe = false }: RunOptions = {},
  ): Promise<{ answer: Packed; beside: readonly Buffer[] }> {
    const text = Buffer.isBuffer(args) ? args : jsonOf(args)
    const argv = [2, this.#base, this.#base + NOWHERE, text, nonce, this.#keepEvents, this.#given(), ...bytes]
    const barrier = safe ? this.barrier : undefined
    const told = await this.#evaluate(name, argv, barrier)
    const [head, ...beside] = Buffer.isBuffer(told) ? [told] : told
    const reply = unpack(head as Buffer) as Packed[]
    if (reply[0] === true) return { answer: reply[1] as Packed, beside }
    const details = reply[2]
    throw refusal(reply[1] as string, Array.isArray(details) || !details ? {} : (details as ErrorDetails))
  }

  /** Whether a hash has a field. */
  async has(name: string, field: string): Promise<boolean> {
    try {
      return (await this.#client.callBuffer('HEXISTS', this.#base + name, field)) === 1
    } catch (error) {
      throw serverError(error)
    }
  }

  /** The values of keys, by what follows our prefix. */
  async read(names: readonly string[]): Promise<(Buffer | null)[]> {
    try {
      return (await this.#client.callBuffer('MGET', ...names.map((name) => this.#base + name))) as (Buffer | null)[]
    } catch (error) {
      throw serverError(error)
    }
  }

  /** An item of a list, by what follows our prefix. */
  async item(name: string, position: number): Promise<Buffer | null> {
    try {
      return (await this.#client.callBuffer('LINDEX', this.#base + name, position)) as Buffer | null
    } catch (error) {
      throw serverError(error)
    }
  }

  /** A field of a hash, by what follows our prefix. */
  async field(name: string, field: string): Promise<Buffer | null> {
    try {
      return (await this.#client.callBuffer('HGET', this.#base + name, field)) as Buffer | null
    } catch (error) {
      throw serverError(error)
    }
  }

  async #evaluate(name: ScriptName, argv: (string | number | Buffer)[], barrier?: Barrier): Promise<Told> {
    const send = (...command: [string, string]) => {
      const by = (client: Pick<RedisClient, 'callBuffer'>) => client.callBuffer(...command, ...argv) as Promise<Told>
      return barrier ? barrier.pass(by) : by(this.#client)
    }
    let script: Script | undefined
    try {
      const reply = await this.#functions.call(name, send)
      if (reply) return reply
      script = scriptOf(name, this.#clock)
      return await send('EVALSHA', script.sha)
    } catch (error) {
      if (!script || !(error instanceof Error) || !error.message.startsWith('NOSCRIPT')) throw serverError(error)
    }
    try {
      return await send('EVAL', script.text)
    } catch (error) {
      throw serverError(error)
    }
  }
}

function jsonOf(args: object): string {
  const json = JSON.stringify(args)
  return json.includes('\\ud') ? json.replace(LONE, '\\ufffd') : json
}

/** Checks what keys begin with. All keys share one hash tag, so that they are in one slot. */
export function baseOf(prefix: string): string {
  if (!/^[^{}\s]{1,64}$/.test(prefix)) {
    throw new OutdialError('invalid_options', '`prefix` is 1 to 64 characters without braces and spaces.', {
      field: 'prefix',
    })
  }
  return `{${prefix}}:`
}
