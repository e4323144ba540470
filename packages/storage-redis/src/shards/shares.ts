import type { Gate, Limit } from '@outdial/core'
import type { RedisStorage } from '../redis-storage.js'

/** What one shard has of a limit. */
export interface Share {
  readonly key: string
  readonly what: 'slots' | 'rate'
  readonly kind: string
  readonly revision: number
  readonly total: number
  readonly rate: number
  readonly burst: number
  readonly slots: number
  readonly used: number
  readonly closed: boolean
  /** Of `kind: 'closed'`: until when. */
  readonly until?: number
  readonly pace: boolean
  readonly sent: Readonly<Record<string, number>>
  readonly got: Readonly<Record<string, number>>
}

interface Ceded {
  readonly sent: number
  readonly tat: number
  readonly rate: number
}

/** What has to outlast a crash before anything follows from it: what one gives, the other may take. */
const LASTING: ReadonlySet<string> = new Set(['enter', 'set', 'cede'])

/** The part of a store that keeps a shard's shares. */
export type ShareHolder = Pick<RedisStorage, 'share'>

/**
 * Limits that concern several shards: those of a route, and of everything.
 *
 * Each shard has slots of its own, and uses no more than these; the first has all of them at the beginning. Slots are moved
 * where they are wanted, in two steps: one shard gives them, and remembers how many it ever gave to whom; the other takes what it has
 * not had of these. Both are numbers that only grow, so that any step may be repeated, by anybody, at any time, and what was given
 * and not taken is on its way until somebody takes it. The sum of all shares and of what is on its way is the limit, always.
 *
 * A pace moves as a whole: the shard that has it grants starts, and hands on the instant from which on the next one is free.
 */
export class Shares {
  readonly #shards: readonly ShareHolder[]

  constructor(shards: readonly ShareHolder[]) {
    this.#shards = shards
  }

  /** Makes the limits of a job's route shared, before the job is there. */
  async enter(route: string, gates: readonly Gate[]): Promise<void> {
    const shared = gates.filter(({ blocks }) => blocks === 'route')
    await this.#each((shard) => this.#ask(shard, { op: 'enter', route, gates: shared, first: shard === 0 }))
  }

  /** Sets limits in every shard. Those that are shared are exact when this resolves. */
  async set(limits: readonly Limit[]): Promise<void> {
    const closed = new Set<string>()
    for (const shard of this.#shards.keys()) {
      const keys = (await this.#ask(shard, { op: 'set', limits, first: shard === 0 })) as string[]
      for (const key of keys) closed.add(key)
    }
    for (const key of closed) await this.settle(key)
  }

  /** Those of these limits that are shared: of slots, with how many all shards have together. */
  async shared(keys: readonly string[]): Promise<Map<string, { slots?: number }>> {
    const shown = (await this.#ask(0, { op: 'show', keys })) as unknown as Share[]
    return new Map(
      shown.map(({ key, what, kind, total }) => [key, what === 'slots' && kind === 'slots' ? { slots: total } : {}]),
    )
  }

  /** What each shard has to give on these routes: by route, the weight of its organizations with something to claim. */
  async weigh(routes: readonly string[]): Promise<Map<string, number[]>> {
    const sums = (await this.#each((shard) => this.#ask(shard, { op: 'weigh', routes }))) as unknown as number[][]
    return new Map(routes.map((route, i) => [route, sums.map((of) => of[i] ?? 0)]))
  }

  /** Has a shard have what it may want on these routes, as far as others do not use it. Answers whether a limit is still settling. */
  async prepare(shard: number, routes: readonly string[], wanted: number): Promise<boolean> {
    if (routes.length === 0) return false
    let settling = false
    for (const share of (await this.#ask(shard, { op: 'show', routes })) as unknown as Share[]) {
      let mine = share
      if (mine.closed) {
        await this.settle(mine.key)
        mine = (await this.#show(shard, mine.key)) ?? mine
        if (mine.closed) settling = true
      }
      if (!mine.closed && lacks(mine, wanted)) await this.#gather(shard, mine, wanted, routes)
    }
    return settling
  }

  /**
   * Opens a limit that was changed, once nobody has more than the shards together may have: takes over what a shard uses beyond its
   * own, and waits while more is used than there is.
   */
  async settle(key: string): Promise<void> {
    await this.#agree(key)
    await this.deliver(key)
    for (const [shard, { slots, used }] of (await this.#showAll(key)).entries()) {
      if (shard === 0) continue
      if (used > slots) await this.#move(key, 0, shard, used - slots, { owed: true })
      if (slots > used) await this.#move(key, shard, 0, slots - used)
    }
    const shares = await this.#showAll(key)
    const revision = shares[0]?.revision
    if (shares.length === 0 || shares.some((share) => share.slots < share.used || share.revision !== revision)) return
    for (const shard of this.#shards.keys()) await this.#ask(shard, { op: 'open', key, revision })
  }

  /** Has every shard take what is on its way to it: whoever gave it may be gone. Answers whether anything was. */
  async deliver(key: string): Promise<boolean> {
    const shares = await this.#showAll(key)
    let any = false
    for (const [from, { sent }] of shares.entries()) {
      for (const [to, n] of Object.entries(sent)) {
        if (n <= (shares[Number(to)]?.got[`${from}`] ?? 0)) continue
        any = true
        await this.#move(key, from, Number(to), 0)
      }
    }
    return any
  }

  /** Takes for a shard what the others do not use, and what is on its way. */
  async #gather(shard: number, share: Share, wanted: number, routes: readonly string[]): Promise<void> {
    let mine = share
    const { key } = share
    // A second time for what was on its way elsewhere, and no more: others take and give at the same time.
    for (let time = 0; time < 2 && (time === 0 || (lacks(mine, wanted) && (await this.deliver(key)))); time++) {
      for (let i = 1; i < this.#shards.length && lacks(mine, wanted); i++) {
        const from = (shard + i) % this.#shards.length
        const most = mine.what === 'slots' ? wanted - (mine.slots - mine.used) : 1
        mine = (await this.#move(key, from, shard, most, { routes })) ?? mine
      }
    }
  }

  /** Moves from one shard to another what that has to give; with `owed`, also what it has not. Answers what the other has then. */
  async #move(
    key: string,
    from: number,
    to: number,
    most: number,
    { routes = [], owed = false }: { routes?: readonly string[]; owed?: boolean } = {},
  ): Promise<Share | undefined> {
    const given = (await this.#ask(from, { op: 'cede', key, to: `${to}`, most, routes, owed })) as unknown as
      | Ceded
      | false
    if (!given) return undefined
    return (await this.#ask(to, { op: 'accept', key, from: `${from}`, ...given })) as unknown as Share
  }

  /** A change that reached some shards only, because whoever made it is gone, reaches the others. */
  async #agree(key: string): Promise<void> {
    const shares = await this.#showAll(key)
    const newest = shares.reduce((a, b) => (b.revision > a.revision ? b : a), shares[0] as Share)
    for (const [shard, { revision }] of shares.entries()) {
      if (revision === newest.revision) continue
      await this.#ask(shard, { op: 'set', limits: [ruleOf(newest)], first: shard === 0 })
    }
  }

  async #show(shard: number, key: string): Promise<Share | undefined> {
    return ((await this.#ask(shard, { op: 'show', key })) as unknown as Share[])[0]
  }
  async #showAll(key: string): Promise<Share[]> {
    const shares = await this.#each((shard) => this.#show(shard, key))
    // A shard that has not heard of it yet: whoever brings it there has not made its job.
    return shares.every((share) => share !== undefined) ? (shares as Share[]) : []
  }
  #ask(shard: number, args: { op: string; [name: string]: unknown }) {
    return (this.#shards[shard] as ShareHolder).share(args, { safe: LASTING.has(args.op) })
  }
  #each<Answer>(ask: (shard: number) => Promise<Answer>): Promise<Answer[]> {
    return Promise.all(this.#shards.map((_, shard) => ask(shard)))
  }
}

function lacks({ what, slots, used, kind, pace }: Share, wanted: number): boolean {
  if (what === 'slots') return kind === 'slots' && slots - used < wanted
  return kind === 'rate' && !pace
}

function ruleOf({ key, revision, kind, total, rate, burst, until }: Share): Limit {
  if (kind === 'slots') return { key, revision, slots: total }
  if (kind === 'closed' && until !== undefined) return { key, revision, closedUntil: until }
  return kind === 'rate' ? { key, revision, rate, burst } : { key, revision, none: true }
}
