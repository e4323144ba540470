import type { Clock, Storage } from 'outdial'
import type { Draw } from './draw.js'
import type { StorageTrouble } from './plan.js'
import { capture, type Step, type Steps } from './steps.js'

/** What the harness throws for a store that cannot be reached. */
export class StoreDown extends Error {}

/** One engine's way to the store: it can be cut for ever. */
export interface Line {
  readonly storage: Storage
  /** Nothing that the engine asks from now on is done, and no answer reaches it. */
  cut(): void
}

/** The store as the judge sees it: told of every step, in order, whoever made it. */
export class WatchedStore {
  readonly #inner: Storage
  readonly #capabilities: Storage['capabilities']
  readonly #clock: Clock
  readonly #steps: Steps
  readonly #jobIds: string[] = []
  /** Those that have tasks and have not ended: ended ones are looked at now and then. */
  readonly #changing: Set<string> = new Set()
  #captures = 0
  readonly #answered: Map<string, number> = new Map()

  constructor(inner: Storage, clock: Clock, steps: Steps, batch: number) {
    // Smaller exchanges than the store likes: what does not fit goes with the next.
    this.#capabilities = { ...inner.capabilities, batch: Math.min(batch, inner.capabilities.batch) }
    this.#inner = inner
    this.#clock = clock
    this.#steps = steps
  }

  get jobIds(): readonly string[] {
    return this.#jobIds
  }

  /** A line for one engine, with the trouble that this run has. */
  line(draw: Draw, trouble: StorageTrouble): Line {
    let alive = true
    const never = new Promise<never>(() => {})
    const sleep = (ms: number) =>
      ms <= 0 ? Promise.resolve() : new Promise<void>((resolve) => void this.#clock.setTimeout(resolve, ms))
    const gate = async <T>(work: () => Promise<T>): Promise<T> => {
      if (!alive) return never
      const result = await work()
      return alive ? result : never
    }
    const read = (work: () => Promise<unknown>) =>
      gate(async () => {
        if (draw.chance(trouble.failRead)) throw new StoreDown('read')
        return work()
      })
    const inner = this.#inner
    const storage: Storage = {
      ...passThrough(inner, gate),
      capabilities: this.#capabilities,
      load: (refs) => read(() => inner.load(refs)) as ReturnType<Storage['load']>,
      overdue: (query) => read(() => inner.overdue(query)) as ReturnType<Storage['overdue']>,
      getTask: (...args) => read(() => inner.getTask(...args)) as ReturnType<Storage['getTask']>,
      createJob: (job) =>
        gate(() => {
          if (!this.#jobIds.includes(job.id)) this.#jobIds.push(job.id)
          const made = inner.createJob(job)
          this.#tell(made, ({ replayed }) => (replayed ? [] : [{ kind: 'created', job }]))
          return made
        }),
      seal: (...args) =>
        gate(() => {
          this.#changing.add(args[0])
          return this.#told(inner.seal(...args), () => [])
        }),
      setLimits: (limits) => gate(() => this.#told(inner.setLimits(limits), () => [{ kind: 'limited', limits }])),
      control: (jobId, change, ifRevision) =>
        gate(() => {
          const before = inner.getJob(jobId)
          const { limits = [] } = change
          const after = inner.control(jobId, change, ifRevision)
          this.#tell(after, async (job) => [{ kind: 'controlled', before: await before, after: job, limits }])
          return after
        }),
      exchange: (request) =>
        gate(async () => {
          await sleep(draw.int(0, trouble.latency))
          if (!alive) return never
          if (draw.chance(trouble.failBefore)) throw new StoreDown('before')
          const send = () => {
            const reply = inner.exchange(request)
            this.#tell(reply, (told) =>
              this.#isFirst(request.channel, request.seq) ? [{ kind: 'exchanged', request, reply: told }] : [],
            )
            return reply
          }
          let reply = await send()
          if (draw.chance(trouble.sendTwice)) reply = await send()
          if (draw.chance(trouble.failAfter)) throw new StoreDown('after')
          await sleep(draw.chance(trouble.late) ? trouble.lateBy : draw.int(0, trouble.latency))
          return reply
        }),
    }
    const cut = () => {
      alive = false
    }
    return { storage, cut }
  }

  #told<T>(answer: Promise<T>, steps: (answer: T) => readonly Bare[] | Promise<readonly Bare[]>): Promise<T> {
    this.#tell(answer, steps)
    return answer
  }

  #tell<T>(answer: Promise<T>, steps: (answer: T) => readonly Bare[] | Promise<readonly Bare[]>): void {
    const at = this.#clock.now()
    const looked = this.#captures++ % 50 === 0 ? this.#jobIds : [...this.#changing]
    const counted = capture(this.#inner, looked).then((jobs) => {
      for (const { job } of jobs) if (job.endedAt !== undefined) this.#changing.delete(job.id)
      return jobs
    })
    this.#steps.add(async () => {
      const done = await answer.then(
        (value) => ({ value }),
        () => undefined,
      )
      if (!done) return []
      const happened = await steps(done.value)
      return [...happened, { kind: 'counted' as const, jobs: await counted }].map((step) => ({ at, ...step }) as Step)
    })
  }

  #isFirst(channel: string, seq: number): boolean {
    if ((this.#answered.get(channel) ?? 0) >= seq) return false
    this.#answered.set(channel, seq)
    return true
  }
}

type Bare = Step extends infer S ? (S extends { at: number } ? Omit<S, 'at'> : never) : never

function passThrough(inner: Storage, gate: <T>(work: () => Promise<T>) => Promise<T>): Storage {
  return {
    capabilities: inner.capabilities,
    open: (host) => gate(() => inner.open(host)),
    createJob: (job) => gate(() => inner.createJob(job)),
    openBatch: (...args) => gate(() => inner.openBatch(...args)),
    stage: (...args) => gate(() => inner.stage(...args)),
    seal: (...args) => gate(() => inner.seal(...args)),
    discard: (...args) => gate(() => inner.discard(...args)),
    control: (...args) => gate(() => inner.control(...args)),
    setLimits: (limits) => gate(() => inner.setLimits(limits)),
    usage: (...args) => gate(() => inner.usage(...args)),
    setList: (...args) => gate(() => inner.setList(...args)),
    getList: (...args) => gate(() => inner.getList(...args)),
    scanList: (...args) => gate(() => inner.scanList(...args)),
    exchange: (request) => gate(() => inner.exchange(request)),
    load: (refs) => gate(() => inner.load(refs)),
    overdue: (query) => gate(() => inner.overdue(query)),
    waitForWork: (query) => gate(() => inner.waitForWork(query)),
    getJob: (id) => gate(() => inner.getJob(id)),
    listJobs: (query) => gate(() => inner.listJobs(query)),
    getTask: (...args) => gate(() => inner.getTask(...args)),
    scanTasks: (...args) => gate(() => inner.scanTasks(...args)),
    findTask: (...args) => gate(() => inner.findTask(...args)),
    events: (...args) => gate(() => inner.events(...args)),
    recount: (id) => gate(() => inner.recount(id)),
    takeLedger: (...args) => gate(() => inner.takeLedger(...args)),
    acknowledgeLedger: (page) => gate(() => inner.acknowledgeLedger(page)),
    redact: (...args) => gate(() => inner.redact(...args)),
    purge: (id) => gate(() => inner.purge(id)),
    close: () => gate(() => inner.close()),
  }
}
