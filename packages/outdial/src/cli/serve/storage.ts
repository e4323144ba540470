import { isOutdialError, type Storage } from '@outdial/core'
import { memoryStorage } from '@outdial/storage-memory'
import { BadInput } from '../exit.js'

/** A store, and how to let go of what it was opened with. */
export interface OpenStore {
  readonly storage: Storage
  /** What it is, for people: without the password of an address. */
  readonly name: string
  close(): Promise<void>
}

/** Waited for a Redis server to answer at all, in milliseconds. */
const CONNECT = 5000
/** A link without an answer for so long is taken for dead, and made anew. */
const SILENT = 5000

/** Opens what `--storage` names. Throws `BadInput` when it cannot be, saying what is to be done. */
export async function openStore(
  where: string,
  durable: boolean,
  onError: (error: unknown) => void,
): Promise<OpenStore> {
  if (where.startsWith('file:')) return folder(where.slice('file:'.length))
  if (/^rediss?:/.test(where)) return redis(where, durable, onError)
  const storage = memoryStorage()
  return { storage, name: 'memory', close: () => storage.close() }
}

async function folder(path: string): Promise<OpenStore> {
  // Only who wants a folder needs the database.
  const { lmdbStorage } = await import('@outdial/storage-lmdb').catch(missing('file:', '@outdial/storage-lmdb'))
  try {
    const storage = lmdbStorage({ path })
    return { storage, name: `file:${path}`, close: () => storage.close() }
  } catch (error) {
    throw isOutdialError(error, 'storage_unavailable') ? new BadInput(`--storage: ${error.message}`) : error
  }
}

async function redis(url: string, durable: boolean, onError: (error: unknown) => void): Promise<OpenStore> {
  const { redisStorage } = await import('@outdial/storage-redis').catch(missing('redis:', '@outdial/storage-redis'))
  // A client of the host's choice: who does not serve from Redis need not have one.
  const { Redis } = await import('ioredis').catch(missing('redis:', 'ioredis'))
  const name = withoutPassword(url)
  const client = new Redis(url, { lazyConnect: true, connectTimeout: CONNECT, socketTimeout: SILENT })
  let why: Error | undefined
  let open = false
  client.on('error', (error: Error) => {
    why = error
    if (open) onError(error)
  })
  try {
    await client.connect()
  } catch (error) {
    client.disconnect()
    const { message } = why ?? (error as Error)
    throw new BadInput(`--storage: ${name} cannot be reached: ${message}`, 'Is the server running? See docs/serve.md.')
  }
  open = true
  const storage = redisStorage({ client, durable })
  return {
    storage,
    name,
    async close() {
      await storage.close()
      client.disconnect()
    },
  }
}

function missing(kind: string, name: string): (error: unknown) => never {
  return (error) => {
    const { code, message } = error as NodeJS.ErrnoException
    const hint = code === 'ERR_MODULE_NOT_FOUND' ? `Install it beside outdial: npm install ${name}` : undefined
    throw new BadInput(`--storage: ${kind} needs ${name}, which cannot be loaded: ${message}`, hint)
  }
}

function withoutPassword(url: string): string {
  try {
    const read = new URL(url)
    const { protocol, host, pathname } = read
    return `${protocol}//${host}${pathname}`
  } catch {
    throw new BadInput('--storage: the address of the Redis server cannot be read')
  }
}
