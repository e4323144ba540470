import type { RedisStorage } from '../redis-storage.js'

/** Where a job is, and on which route it calls. Neither ever changes. */
export interface JobPlace {
  readonly shard: number
  readonly route: string | undefined
}

/** Jobs whose places are kept. A job that is asked for again is looked for again. */
const KEPT = 10_000

/** Which shard has a job. All jobs of an organization are in one. */
export class JobPlaces {
  readonly #shards: readonly RedisStorage[]
  readonly #known: Map<string, JobPlace> = new Map()

  constructor(shards: readonly RedisStorage[]) {
    this.#shards = shards
  }

  /** The shard of an organization. */
  shardOf(organization: string): number {
    // FNV-1a, mixed: the same in every process, for good.
    let hash = 0x811c9dc5
    for (const byte of Buffer.from(organization)) hash = Math.imul(hash ^ byte, 0x01000193)
    hash = Math.imul(hash ^ (hash >>> 16), 0x45d9f3b)
    return ((hash ^ (hash >>> 16)) >>> 0) % this.#shards.length
  }

  learn(jobId: string, place: JobPlace): void {
    const known = this.#known.get(jobId)
    if (known && (known.route !== undefined || place.route === undefined)) return
    this.#known.set(jobId, place)
    for (const id of this.#known.keys()) {
      if (this.#known.size <= KEPT) break
      this.#known.delete(id)
    }
  }

  forget(jobId: string): void {
    this.#known.delete(jobId)
  }

  /** Where a job is; the first shard says of a job that is nowhere that it does not know it. */
  async find(jobId: string): Promise<JobPlace> {
    const known = this.#known.get(jobId)
    if (known) return known
    const has = await Promise.all(this.#shards.map((shard) => shard.has(jobId)))
    const shard = has.indexOf(true)
    if (shard < 0) return { shard: 0, route: undefined }
    const route = (await this.#shards[shard]?.getJob(jobId))?.route
    const place = { shard, route }
    // One that nobody sees yet may still go; it is looked for again.
    if (route !== undefined) this.learn(jobId, place)
    return place
  }
}
