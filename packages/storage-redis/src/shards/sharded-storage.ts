import type {
  Change,
  Clock,
  CreatedJob,
  EventPage,
  Exchange,
  ExchangeReply,
  JobQuery,
  JobRecord,
  LedgerPage,
  Limit,
  ListEdit,
  ListedMember,
  ListState,
  LiveRecord,
  NewJob,
  Page,
  Random,
  Recount,
  Storage,
  StorageCapabilities,
  TaskQuery,
  TaskRecord,
  Usage,
} from '@outdial/core'
import type { RedisStorage } from '../redis-storage.js'
import { JobPlaces } from './job-places.js'
import { acknowledgeParts, takeFromParts } from './ledger-parts.js'
import { listState, scanParts } from './list-parts.js'
import { Shares } from './shares.js'
import { type Answer, jobOf, join, namesIn, type Part, split } from './split-exchange.js'
import { Turns } from './turns.js'
import { isNews, usageOfParts } from './usage-parts.js'

/** Somebody looks this often while a limit that was lowered drains in several shards. */
const LOOK_EVERY = 1000

/**
 * One store made of several: each has everything of some organizations, whole, under a hash tag of its own. Only what concerns
 * all is divided: limits of a route and of everything, see {@link Shares}, and lists, which each shard has.
 */
export class ShardedStorage implements Storage {
  readonly capabilities: StorageCapabilities
  readonly #shards: readonly RedisStorage[]
  readonly #places: JobPlaces
  readonly #shares: Shares
  readonly #turns: Turns
  /** Routes whose gates every shard knows to be shared. */
  readonly #entered: Set<string> = new Set()
  /** Channels that were kept waiting by a limit that is settling. */
  readonly #settling: Set<string> = new Set()
  #clock: Clock | undefined
  /** Whom overdue calls, and entries of the ledger, are asked of first. */
  #turn = 0

  readonly #check: () => Promise<void>

  /** `check` refuses what was made with another number of shards. */
  constructor(shards: readonly [RedisStorage, ...RedisStorage[]], check: () => Promise<void> = async () => {}) {
    this.#shards = shards
    this.#check = check
    this.capabilities = shards[0].capabilities
    this.#places = new JobPlaces(shards)
    this.#shares = new Shares(shards)
    this.#turns = new Turns(shards.length)
  }

  async open(host: { clock: Clock; random: Random }): Promise<void> {
    this.#clock = host.clock
    for (const shard of this.#shards) await shard.open(host)
    await this.#check()
  }

  async createJob(job: NewJob): Promise<CreatedJob> {
    const { route, gates, organization } = job
    await this.#enter(route, gates)
    const shard = this.#places.shardOf(organization)
    const [own, others] = limitsOf(job.limits, gates)
    const created = await this.#shard(shard).createJob({ ...job, limits: own })
    // Its own shard, where all its calls are fenced, has them already, in the same step. The others only answer for them.
    if (!created.replayed && others.length > 0) await this.#shares.set(others)
    this.#places.learn(created.job.id, { shard, route: created.job.route })
    return created
  }
  async openBatch(...[jobId, ...rest]: Parameters<Storage['openBatch']>): ReturnType<Storage['openBatch']> {
    return (await this.#of(jobId)).openBatch(jobId, ...rest)
  }
  async stage(...[jobId, ...rest]: Parameters<Storage['stage']>): ReturnType<Storage['stage']> {
    return (await this.#of(jobId)).stage(jobId, ...rest)
  }
  async seal(...[jobId, ...rest]: Parameters<Storage['seal']>): ReturnType<Storage['seal']> {
    return (await this.#of(jobId)).seal(jobId, ...rest)
  }
  async discard(jobId: string, batch: string): Promise<void> {
    await (await this.#of(jobId)).discard(jobId, batch)
    this.#places.forget(jobId)
  }
  async control(jobId: string, change: Change, ifRevision?: number): Promise<JobRecord> {
    const shard = await this.#of(jobId)
    // A change does what is due by the clock, of all jobs.
    await this.#each(async (other) => other !== shard && (await other.share({ op: 'tick' })))
    if (!change.limits?.length) return shard.control(jobId, change, ifRevision)
    const [own, others] = limitsOf(change.limits, (await shard.getJob(jobId))?.gates ?? [])
    const job = await shard.control(jobId, { ...change, limits: own }, ifRevision)
    if (others.length > 0) await this.#shares.set(others)
    return job
  }
  async setLimits(limits: readonly Limit[]): Promise<void> {
    if (limits.length === 0) return
    const known = await this.usage(limits)
    await this.#shares.set(limits.filter((limit, i) => isNews(limit, known[i] as Usage)))
  }
  async setList(list: string, edit: ListEdit): Promise<{ size: number }> {
    const sizes = await this.#each((shard) => shard.setList(list, edit))
    return { size: Math.max(...sizes.map(({ size }) => size)) }
  }
  async getList(list: string, members: readonly string[]): Promise<ListState> {
    return listState(this.#shards, list, members)
  }
  async scanList(list: string, query: { cursor?: string; max: number }): Promise<Page<ListedMember>> {
    return scanParts(this.#shards, list, query)
  }
  async usage(holds: Parameters<Storage['usage']>[0]): Promise<Usage[]> {
    const told = await this.#each((shard) => shard.usage(holds))
    const shared = await this.#shares.shared(holds.map(({ key, limit = key }) => limit))
    return holds.map(({ key, limit = key }, i) =>
      usageOfParts(
        told.map((usages) => usages[i] as Usage),
        shared.get(limit),
      ),
    )
  }

  async exchange(request: Exchange): Promise<ExchangeReply> {
    const jobs = new Set(namesIn(request).map(jobOf))
    const places = new Map(await Promise.all([...jobs].map(async (id) => [id, await this.#places.find(id)] as const)))
    const parts = split(request, this.#shards.length, (id) => places.get(id) ?? { shard: 0, route: undefined })
    this.#settling.delete(request.channel)
    const answers: Answer[] = await Promise.all(
      parts.filter(({ fences }) => fences.items.length === 0).map((part) => this.#tell(request, part)),
    )
    // One after the other, as they may need the same pace: who was asked for first has it first.
    const fencing = parts.filter(({ fences }) => fences.items.length > 0)
    for (const part of fencing.sort((a, b) => (a.fences.at[0] ?? 0) - (b.fences.at[0] ?? 0))) {
      answers.push(await this.#tell(request, part))
    }
    await this.#claim(request, answers)
    return join(request, answers)
  }

  /** Hands a shard its reports and fences. */
  async #tell({ channel, seq, durable }: Exchange, part: Part): Promise<Answer> {
    const { shard, reports, fences, routes } = part
    await this.#shares.prepare(shard, [...routes], 0)
    const request = { channel, seq, reports: reports.items, fences: fences.items, claims: [] }
    return {
      part,
      reply: await this.#shard(shard).exchange({ ...request, ...(durable && { durable }) }),
    }
  }

  /** Asks one shard after the other for claims: each for what those before it did not have. */
  async #claim(request: Exchange, answers: Answer[]): Promise<void> {
    const { channel, seq } = request
    const left = new Map<string, number>()
    for (const { route, max } of request.claims) left.set(route, (left.get(route) ?? 0) + max)
    if (left.size === 0) return
    const weights = await this.#shares.weigh([...left.keys()])
    for (const shard of this.#turns.order(channel, seq, weights)) {
      const claims = request.claims.flatMap((claim) => {
        const max = Math.min(claim.max, left.get(claim.route) ?? 0)
        return max > 0 ? [{ ...claim, max }] : []
      })
      if (claims.length === 0) return
      const routes = [...new Set(claims.map(({ route }) => route))]
      const wanted = claims.reduce((sum, { max }) => sum + max, 0)
      if (await this.#shares.prepare(shard, routes, wanted)) this.#settling.add(channel)
      const asked = { channel: `${channel}~`, seq, reports: [], fences: [], claims }
      const reply = await this.#shard(shard).exchange(asked, { skips: true })
      answers.push({ reply })
      for (const { jobId, route, tasks } of reply.claims) {
        this.#places.learn(jobId, { shard, route })
        left.set(route, (left.get(route) ?? 0) - tasks.length)
        this.#turns.charge(route, shard, weights.get(route)?.[shard] ?? 0, tasks.length)
      }
    }
  }

  async load(refs: readonly string[]): Promise<(LiveRecord | undefined)[]> {
    const places = await Promise.all(refs.map((ref) => this.#places.find(jobOf(ref))))
    const found: (LiveRecord | undefined)[] = new Array(refs.length).fill(undefined)
    await this.#each(async (shard, number) => {
      const at = refs.flatMap((_, i) => (places[i]?.shard === number ? [i] : []))
      if (at.length === 0) return
      for (const [i, live] of (await shard.load(at.map((i) => refs[i] as string))).entries())
        found[at[i] as number] = live
    })
    return found
  }
  async overdue(query: Parameters<Storage['overdue']>[0]): Promise<LiveRecord[]> {
    const found: LiveRecord[] = []
    const turn = this.#turn++
    for (let i = 0; i < this.#shards.length && found.length < query.max; i++) {
      const shard = this.#shard((turn + i) % this.#shards.length)
      found.push(...(await shard.overdue({ ...query, max: query.max - found.length })))
    }
    return found.sort((a, b) => a.checkAt - b.checkAt)
  }
  async waitForWork(query: Parameters<Storage['waitForWork']>[0]): Promise<void> {
    const clock = this.#clock
    if (!clock || query.signal.aborted) return
    const over = new AbortController()
    const end = () => over.abort()
    query.signal.addEventListener('abort', end)
    const timer = this.#settling.has(query.channel) ? clock.setTimeout(end, LOOK_EVERY) : undefined
    try {
      await Promise.race(this.#shards.map((shard) => shard.waitForWork({ ...query, signal: over.signal })))
    } finally {
      end()
      if (timer) clock.clearTimeout(timer)
      query.signal.removeEventListener('abort', end)
    }
  }

  async getJob(jobId: string): Promise<JobRecord | undefined> {
    return (await this.#of(jobId)).getJob(jobId)
  }
  async listJobs(query: JobQuery): Promise<Page<JobRecord>> {
    const { organization, cursor } = query
    if (organization !== undefined) return this.#shard(this.#places.shardOf(organization)).listJobs(query)
    // Shard by shard, each in its order.
    const items: JobRecord[] = []
    let [from = 0, within] = cursor === undefined ? [] : cursorOf(cursor)
    for (; from < this.#shards.length; from++, within = undefined) {
      const max = query.max - items.length
      const page = await this.#shard(from).listJobs({ ...query, max, ...(within !== undefined && { cursor: within }) })
      items.push(...page.items)
      if (page.cursor !== undefined) return { items, cursor: `${from}.${page.cursor}` }
    }
    return { items }
  }
  async getTask(jobId: string, index: number): Promise<TaskRecord | undefined> {
    return (await this.#of(jobId)).getTask(jobId, index)
  }
  async scanTasks(jobId: string, query: TaskQuery): Promise<Page<TaskRecord>> {
    return (await this.#of(jobId)).scanTasks(jobId, query)
  }
  async findTask(jobId: string, key: string): Promise<number | undefined> {
    return (await this.#of(jobId)).findTask(jobId, key)
  }
  async events(jobId: string, after: number, max: number): Promise<EventPage> {
    return (await this.#of(jobId)).events(jobId, after, max)
  }
  async recount(jobId: string): Promise<Recount> {
    return (await this.#of(jobId)).recount(jobId)
  }
  async takeLedger(query: Parameters<Storage['takeLedger']>[0]): Promise<LedgerPage> {
    return takeFromParts(this.#shards, this.#turn++, query)
  }
  async acknowledgeLedger(page: string): Promise<void> {
    await acknowledgeParts(this.#shards, page)
  }
  async redact(jobId: string, index: number): Promise<void> {
    await (await this.#of(jobId)).redact(jobId, index)
  }
  async purge(jobId: string): Promise<void> {
    await (await this.#of(jobId)).purge(jobId)
    this.#places.forget(jobId)
  }
  async close(): Promise<void> {
    await this.#each((shard) => shard.close())
  }

  async #enter(route: string, gates: NewJob['gates']): Promise<void> {
    const name = JSON.stringify([route, gates.filter(({ blocks }) => blocks === 'route')])
    if (this.#entered.has(name)) return
    await this.#shares.enter(route, gates)
    this.#entered.add(name)
  }
  async #of(jobId: string): Promise<RedisStorage> {
    return this.#shard((await this.#places.find(jobId)).shard)
  }
  #shard(number: number): RedisStorage {
    return this.#shards[number] as RedisStorage
  }
  #each<Answer>(ask: (shard: RedisStorage, number: number) => Promise<Answer>): Promise<Answer[]> {
    return Promise.all(this.#shards.map(ask))
  }
}

/**
 * The limits that a job's own shard takes in the step that needs them: all but those of gates that block a route, which jobs of every
 * organization pass and the shards share. And those of which other shards have to know too: all but those of its other gates.
 */
function limitsOf(limits: readonly Limit[], gates: NewJob['gates']): [own: Limit[], others: Limit[]] {
  const keys = new Set(gates.flatMap(({ blocks, slots, rate }) => (blocks === 'route' ? [] : [slots, rate])))
  const shared = new Set(gates.flatMap(({ blocks, slots, rate }) => (blocks === 'route' ? [slots, rate] : [])))
  return [limits.filter(({ key }) => !shared.has(key)), limits.filter(({ key }) => !keys.has(key))]
}

function cursorOf(cursor: string): [number, string] {
  const dot = cursor.indexOf('.')
  return [Number(cursor.slice(0, dot)), cursor.slice(dot + 1)]
}
