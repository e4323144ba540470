import { createHash } from 'node:crypto'
import { createReadStream } from 'node:fs'
import { type Clock, isOutdialError, type JobRecord, type Storage } from '@outdial/core'
import { systemRandom } from '../../system-random.js'
import type { PolicyWish } from '../campaign/policy.js'
import { BadInput } from '../exit.js'
import { whyNot } from './file-errors.js'
import type { RunOptions } from './options.js'

/** A campaign that is kept in a folder, or is going to be. */
export interface Kept {
  readonly storage: Storage
  /** Of the campaign that these options and this file make: the same command gets the same campaign. */
  readonly key: string
  /** The time that the store has come to: simulated time goes on from there. */
  readonly time: number
}

/** Opens the folder. Throws `BadInput` if it cannot be used, or has another campaign that has not ended. */
export async function keptIn(folder: string, options: RunOptions, policy: PolicyWish): Promise<Kept> {
  const key = await campaignKey(options, policy)
  const storage = await opened(folder)
  // Asked before there is a clock: whatever time it has is its own.
  const none: Clock = { now: () => 0, monotonic: () => 0, setTimeout: () => ({}), clearTimeout: () => {} }
  await storage.open({ clock: none, random: systemRandom() })
  let time = 0
  for (let cursor: string | undefined, more = true; more; more = cursor !== undefined) {
    const page = await storage.listJobs({ max: 100, ...(cursor !== undefined && { cursor }) })
    cursor = page.cursor
    for (const job of page.items) {
      time = Math.max(time, await lastChange(storage, job))
      if (job.endedAt === undefined && job.idempotencyKey !== key) {
        await storage.close()
        throw new BadInput(
          `--storage: ${folder} has a campaign that has not ended, made from another file or with other flags`,
          'Run that one again to go on with it, or name another folder.',
        )
      }
    }
  }
  return { storage, key, time }
}

async function opened(path: string): Promise<Storage> {
  // Only who wants a folder needs the database.
  const { lmdbStorage } = await import('@outdial/storage-lmdb').catch((error: unknown) => {
    throw new BadInput(`--storage: file: needs @outdial/storage-lmdb, which cannot be loaded: ${error}`)
  })
  try {
    // Nobody else is at work in here; and where simulated time flies, looking for others would take all of the real.
    return lmdbStorage({ path, lookEveryMs: 3_600_000 })
  } catch (error) {
    throw isOutdialError(error, 'storage_unavailable') ? new BadInput(`--storage: ${error.message}`) : error
  }
}

/** Everything that says which campaign it is, and nothing of how it is shown or how fast time passes. */
async function campaignKey(
  { file, from, concurrency, cps, attempts, timezone, window, region }: RunOptions,
  { options, rates }: PolicyWish,
): Promise<string> {
  const hash = createHash('sha256')
  hash.update(JSON.stringify({ from, concurrency, cps, attempts, timezone, window, region }))
  if (rates || Object.keys(options).length > 0) hash.update(JSON.stringify({ rates, options }))
  try {
    for await (const chunk of createReadStream(file)) hash.update(chunk as Buffer)
  } catch (error) {
    throw new BadInput(`${file}: cannot be read: ${whyNot(error)}`)
  }
  return `outdial run ${hash.digest('hex')}`
}

async function lastChange(storage: Storage, { id, lastEvent, createdAt }: JobRecord): Promise<number> {
  const page = await storage.events(id, lastEvent - 1, 1)
  return page.status === 'ok' ? (page.events.at(-1)?.at ?? createdAt) : createdAt
}
