import type { ClaimedTask, Fence, Report, Storage } from 'outdial'
import type { Person } from '../support/corpus.js'
import { CALLER_IDS, type Guards, PRICE, ROUTE } from './outdial-store.js'

/** How the storage port is driven. */
export interface DialerOptions {
  /** Live calls, over all channels. */
  concurrency: number
  /** Conversations with the store, each with one exchange under way. */
  channels: number
  guards?: Guards
  /** One contact in so many is called a second time, at once. Default: nobody. */
  retried?: number
  /** Told of each start, by organization. */
  onStart?: (organization: string) => void
}

/** What was done. */
export interface Dialed {
  /** Calls fenced, placed and ended. */
  calls: number
  /** Contacts that ended without a call, because they are suppressed. */
  suppressed: number
  exchanges: number
}

interface Claimed extends ClaimedTask {
  organization: string
}

const LEASE = 10_000
const CHECK_AFTER = 35_000
const NO_GUARDS: Guards = { suppression: false, cap: false, callerIds: false, money: false }

/**
 * The shortest way from claim to end that the storage port allows: claims, fences, and ends calls as if a carrier had
 * answered at once, as many live as it may, until every task has ended. No engine, no policy, no carrier.
 */
export async function dialAll(
  storage: Storage,
  { tasks, jobs }: { tasks: number; jobs: readonly { id: string; organization: string }[] },
  options: DialerOptions,
): Promise<Dialed> {
  const { concurrency, channels } = options
  const state = { left: tasks, dialed: { calls: 0, suppressed: 0, exchanges: 0 } }
  const organizations = new Map(jobs.map(({ id, organization }) => [id, organization]))
  const share = Math.max(1, Math.floor(concurrency / channels))
  await Promise.all(
    Array.from({ length: channels }, (_, n) => new Conversation(storage, organizations, options, share, state).run(n)),
  )
  return state.dialed
}

class Conversation {
  readonly #storage: Storage
  readonly #organizations: ReadonlyMap<string, string>
  readonly #guards: Guards
  readonly #retried: number
  readonly #onStart: ((organization: string) => void) | undefined
  readonly #atOnce: number
  readonly #state: { left: number; dialed: Dialed }
  #claims: Claimed[] = []
  /** Refs of live calls, oldest first, each with what its end will say. */
  readonly #live: Report[] = []

  constructor(
    storage: Storage,
    organizations: ReadonlyMap<string, string>,
    { guards = NO_GUARDS, retried = 0, onStart }: DialerOptions,
    atOnce: number,
    state: { left: number; dialed: Dialed },
  ) {
    this.#storage = storage
    this.#organizations = organizations
    this.#guards = guards
    this.#retried = retried
    this.#onStart = onStart
    this.#atOnce = atOnce
    this.#state = state
  }

  async run(number: number): Promise<void> {
    const { batch } = this.#storage.capabilities
    const channel = `bench${number}:${performance.now()}`
    let returns: Report[] = []
    for (let seq = 1; this.#state.left > 0 || this.#live.length > 0; seq++) {
      const coming = Math.min(batch, this.#claims.length)
      // As many end as have to, so that those which begin have room; all of them when nobody is left.
      const over = coming > 0 ? this.#live.length + coming - this.#atOnce : this.#live.length
      const ends = this.#live.splice(0, Math.max(0, Math.min(over, batch - returns.length)))
      const starting = this.#claims.splice(0, Math.min(coming, this.#atOnce - this.#live.length))
      const max = Math.min(batch, this.#atOnce) - this.#claims.length
      const reply = await this.#storage.exchange({
        channel,
        seq,
        reports: [...returns, ...ends],
        fences: starting.map((claim) => this.#fence(claim)),
        claims: max > 0 && this.#state.left > 0 ? [{ route: ROUTE, max, leaseMs: LEASE }] : [],
      })
      this.#state.dialed.exchanges++
      this.#count(reply.reports, [...returns, ...ends])
      returns = []
      for (const [i, fenced] of reply.fences.entries()) {
        const task = starting[i] as Claimed
        if (fenced.status === 'fenced') {
          this.#onStart?.(task.organization)
          this.#live.push(this.#end(task, fenced.ref, fenced.attempt))
        } else if (fenced.status === 'gone') throw new Error(`the claim ${task.claim} was lost`)
        else if (!fenced.reasons[0]?.startsWith('list:')) throw new Error(`refused: ${fenced.reasons.join(', ')}`)
        else returns.push({ kind: 'return', claim: task.claim, next: { terminal: 'skipped', reason: 'suppressed' } })
      }
      for (const { jobId, tasks } of reply.claims) {
        const organization = this.#organizations.get(jobId) as string
        for (const task of tasks) this.#claims.push({ ...task, organization })
      }
      // The others have what is left.
      if (this.#claims.length + this.#live.length + returns.length === 0) await new Promise((go) => setTimeout(go, 1))
    }
  }

  #count(answers: readonly string[], said: readonly Report[]): void {
    for (const [i, answer] of answers.entries()) {
      const report = said[i] as Report
      if (answer !== 'applied') throw new Error(`a report was ${answer}: ${JSON.stringify(report)}`)
      if (report.kind === 'return') this.#state.dialed.suppressed++
      if (report.kind === 'close') this.#state.dialed.calls++
      if ('next' in report && 'terminal' in report.next) this.#state.left--
    }
  }

  #fence({ claim, index, payload, organization }: Claimed): Fence {
    const { suppression, cap, callerIds, money } = this.#guards
    // As a dialer has to: it wants the number.
    const { phone } = JSON.parse(payload) as Person
    return {
      claim,
      all: [
        ...(cap ? [{ key: `cap:${organization}:${phone}`, limit: `cap:${organization}`, n: 1 }] : []),
        ...(money ? [{ key: `money:${organization}`, n: PRICE }] : []),
      ],
      anyOf: callerIds ? candidates(organization, index) : [],
      absent: suppression
        ? [
            { list: 'suppressed:everything', member: phone },
            { list: `suppressed:organization:${organization}`, member: phone },
          ]
        : [],
      until: Number.POSITIVE_INFINITY,
      checkAfter: CHECK_AFTER,
      memo: '{"burned":0,"policy":"3"}',
    }
  }

  #end({ index, attempts }: Claimed, ref: string, attempt: number): Report {
    const again = attempts === 0 && this.#retried > 0 && index % this.#retried === 0
    const outcome = again ? 'busy' : 'answered'
    return {
      kind: 'close',
      ref,
      placed: true,
      outcome,
      // Different for every call: the same text would be kept once by Lua, and flatter it.
      result: `{"o":"${outcome}","d":${30_000 + ((index * 7919) % 90_000)},"n":${attempt},"i":${index}}`,
      next: again ? { waitUntil: 0, memo: '{"burned":1}' } : { terminal: 'succeeded', reason: 'answered' },
      ...(this.#guards.money && { spent: PRICE - (index % 7) }),
    }
  }
}

/** Three of an organization's caller ids in the order of preference: what they hold at once, and how fast. */
function candidates(organization: string, index: number): Fence['anyOf'] {
  return [0, 1, 2].map((k) => {
    const name = `from:${organization}:${(index + k) % CALLER_IDS}`
    return [
      { key: `slots:${name}`, n: 1 },
      { key: `rate:${name}`, n: 1 },
    ]
  })
}
