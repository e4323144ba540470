import type { Server } from 'node:http'
import { parseDuration } from '@outdial/core'
import type { Arguments } from '../args.js'
import type { Surroundings } from '../command.js'
import { BadInput, EXIT } from '../exit.js'
import { StopWish } from '../stop-wish.js'
import { accountsOf } from './accounts.js'
import { type Assembled, assemble } from './assemble.js'
import { type Config, storageSchema } from './config.js'
import { checkedConfig, configFrom, secretFrom } from './config-file.js'
import { credentials } from './credentials.js'
import { DEVELOPMENT } from './development.js'
import { listen, listener, type Ready } from './listener.js'
import { type Logger, openLog } from './log.js'
import { misconfigured } from './misconfigured.js'
import { applyPolicy } from './policy.js'
import { openStore } from './storage.js'
import { tellOf } from './tell.js'
import { welcome } from './welcome.js'

/** A store that has not answered a question by then, in milliseconds, is not there. */
const PATIENCE = 2000
/** Requests under way are waited for so long when the server stops, and then their last bytes, in milliseconds. */
const LAST_ANSWERS = 10_000

/** Runs `outdial serve` until it is told to stop. Throws `BadInput` before anything is open that would have to be closed. */
export async function serve(args: Arguments, { stdout, version }: Surroundings): Promise<number> {
  if (args.flags.has('print-config')) {
    stdout.line(JSON.stringify(DEVELOPMENT, null, 2))
    return EXIT.done
  }
  const config = await settings(args)
  const drain = parseDuration(config.drain, 'drain')
  const where = typeof config.storage === 'string' ? config.storage : secretFrom(config.storage, 'storage')
  const { keys, made, secrets } = credentials(config)
  const accounts = accountsOf(config)
  const log = openLog(config.log, [...secrets, ...accounts.secrets, ...passwordsIn(where)])
  const store = await openStore(where, config.durable, (error) => log.error({ err: error }, 'storage failed'))
  let served: Assembled | undefined
  let server: Server | undefined
  try {
    served = await assemble(config, accounts, store.storage, keys, log)
    const state: { problem?: string } = { problem: 'starting' }
    server = listener(served.transport, readiness(served, state))
    const port = await listen(server, config.host, config.port)
    tellOf(served.engine, log)
    // Before anybody is called.
    await applyPolicy(served.engine, config)
    await served.engine.start().catch(misconfigured)
    delete state.problem
    const host = config.host.includes(':') ? `[${config.host}]` : config.host
    const base = `http://${host}:${port}`
    // Whoever closes the pipe has read what they wanted; the server goes on.
    const wish = new StopWish(new Promise(() => {}), () => {})
    if (made.length > 0)
      for (const line of welcome(config, made, { version, base, store: store.name })) stdout.line(line)
    log.info(
      { version, url: base, storage: store.name, dialects: served.transport.dialects.map(({ name }) => name) },
      'listening',
    )
    await wish.came
    state.problem = 'stopping'
    log.info({ signal: wish.why }, 'stopping')
    await close(served, server, drain, log)
    wish.off()
    log.info('stopped')
    return EXIT.done
  } finally {
    server?.closeAllConnections()
    server?.close()
    void served?.transport.close()
    await served?.engine.abandon()
    await served?.close()
    await store.close()
  }
}

/** The configuration with what the flags say otherwise. */
async function settings({ positionals, flags }: Arguments): Promise<Config> {
  const [more] = positionals
  if (more !== undefined)
    throw new BadInput(`serve takes no ${more}; the file comes after --config`, 'See: outdial serve --help')
  const path = flags.get('config')
  const config =
    path === undefined ? checkedConfig(DEVELOPMENT, 'the configuration for development') : await configFrom(path)
  const port = flags.get('port')
  if (port !== undefined) {
    config.port = /^\d{1,5}$/.test(port) ? Number(port) : -1
    if (config.port < 0 || config.port > 65_535) throw new BadInput(`--port: '${port}' is not a port from 0 to 65535`)
  }
  config.host = flags.get('host') ?? config.host
  const storage = flags.get('storage')
  if (storage !== undefined) {
    if (!storageSchema.safeParse(storage).success)
      throw new BadInput('--storage: expected memory, file: and the path of a folder, or redis:// and the rest')
    config.storage = storage
  }
  return config
}

function readiness({ engine }: Assembled, state: { problem?: string }): Ready {
  return async () => {
    if (state.problem !== undefined) return state.problem
    let timer: NodeJS.Timeout | undefined
    const late = new Promise<string>((resolve) => {
      timer = setTimeout(() => resolve('the store does not answer'), PATIENCE)
    })
    const asked = engine.calls.list({ max: 1 }).then(
      () => undefined,
      () => 'the store cannot be used',
    )
    const problem = await Promise.race([asked, late])
    clearTimeout(timer)
    return problem
  }
}

/**
 * In good order: no new requests, answers to those under way, ends of the calls that are live, for as long as `drain` says. Whoever
 * looks after the process, and carriers that tell how their calls end, find it listening until then.
 */
async function close({ engine, transport }: Assembled, server: Server, drain: number, log: Logger): Promise<void> {
  await within(LAST_ANSWERS, transport.close())
  const { live } = await engine.stop({ drain })
  const closed = new Promise<void>((resolve) => server.close(() => resolve()))
  server.closeIdleConnections()
  await within(LAST_ANSWERS, closed)
  if (live > 0) log.warn({ live }, 'left to the store: calls that have not ended, found out about at the next start')
}

async function within(ms: number, done: Promise<void>): Promise<void> {
  let timer: NodeJS.Timeout | undefined
  const late = new Promise<void>((resolve) => {
    timer = setTimeout(resolve, ms)
  })
  await Promise.race([done, late])
  clearTimeout(timer)
}

/** The password of a Redis address, as it is written there and as it is meant. */
function passwordsIn(where: string): string[] {
  const { password } = URL.canParse(where) ? new URL(where) : { password: '' }
  return password === '' ? [] : [password, decodeURIComponent(password)]
}
