import type {
  Gate,
  LaneUpdate,
  LedgerPage,
  LimitRule,
  Phase,
  Staged,
  Sweep,
  TaskPlace,
  Terminal,
  Timers,
} from '@outdial/core'

/*
 * What a store has to know, kept in the simplest way: everything that can be counted is counted anew each time it is
 * asked for. Nothing here comes from the rules under test; only the shapes of the port are shared.
 */

export interface ModelHeld {
  key: string
  /** Key of the limit. */
  limit: string
  n: number
  kind: 'slots' | 'cap' | 'money' | 'rate'
  at: number
}

export interface ModelLive {
  ref: string
  attempt: number
  rank: number
  state: string
  unknown: boolean
  choice: number
  startBy: number
  fencedAt: number
  checkAt: number
  callId?: string
  since: number
  memo: string
  notes?: number
  held: ModelHeld[]
}

export interface ModelTask {
  place: TaskPlace
  payload: string
  key: string | undefined
  lane: number
  waitUntil: number
  attempts: number
  reason?: string
  memo?: string
  results: string[]
  notes: string[]
  /** `outdated`: its job has got another spec since. */
  claim?: { id: string; until: number; outdated?: true }
  live?: ModelLive
}

export interface ModelLoading {
  batch: string
  key: string
  touchedAt: number
  seq: number
  reply?: Staged
  tasks: ModelTask[]
  lanes: LaneUpdate[]
}

export interface ModelJob {
  id: string
  organization: string
  route: string
  idempotencyKey: string | undefined
  fingerprint: string
  weight: number
  spec: string
  dedupe: boolean
  freshShare?: number
  /** By lane: since the share is what it is, which of the claims that either could have were fresh. */
  mixed: Map<number, boolean[]>
  gates: readonly Gate[]
  phase: Phase
  timers: Timers
  sweep?: Sweep
  tasks: ModelTask[]
  lanes: LaneUpdate[]
  batches: { key: string; batch: string; first: number; count: number; memo: string }[]
  loading?: ModelLoading
  startedAt?: number
  endedAt?: number
  outcomes: Record<string, number>
  fenced: number
  placed: number
  /** As last read from the store; it only has to rise when it should. */
  revision: number
}

export interface ModelLimit {
  revision: number
  rule: LimitRule
  /** Of a rate: starts owed at a time; they are paid off at the rate. */
  owed: number
  owedAt: number
  spent: number
  /** Of a cap: starts by counted key. */
  stamps: Map<string, number[]>
  /** Of a rate, for the proof: what was granted when, and which pace was in force since when. */
  grants: { at: number; given: number }[]
  paces: { from: number; rate: number; burst: number }[]
}

export interface ModelList {
  members: Map<string, { end: number; reason: string | undefined }>
  asOf?: number
  maxAgeMs?: number
}

export interface ModelEntry {
  organization: string
  entry: LedgerPage['entries'][number]
  /** Of the page it was handed out in last. */
  lease?: { page: string; until: number }
}

export interface World {
  now: number
  jobs: Map<string, ModelJob>
  limits: Map<string, ModelLimit>
  lists: Map<string, ModelList>
  /** Entries that nobody has acknowledged, in the order they were added. */
  ledger: ModelEntry[]
  /** Every page of the ledger, every claim and every ref there ever was. */
  pages: string[]
  claims: string[]
  refs: string[]
  /** For names that must be unique. */
  made: number
}

export function newWorld(now: number): World {
  const [jobs, limits, lists] = [new Map(), new Map(), new Map()]
  return { now, jobs, limits, lists, ledger: [], pages: [], claims: [], refs: [], made: 0 }
}

export function limitOf(world: World, key: string): ModelLimit {
  let limit = world.limits.get(key)
  if (!limit) {
    limit = {
      revision: 0,
      rule: { none: true },
      owed: 0,
      owedAt: 0,
      spent: 0,
      stamps: new Map(),
      grants: [],
      paces: [],
    }
    world.limits.set(key, limit)
  }
  return limit
}

export const ENDS: readonly Terminal[] = ['succeeded', 'failed', 'skipped', 'canceled', 'expired']

export function isOver(task: ModelTask): boolean {
  return (ENDS as readonly string[]).includes(task.place)
}

export function isWaiting(task: ModelTask): boolean {
  return task.place === 'fresh' || task.place === 'deferred'
}

export function isLive(task: ModelTask): boolean {
  return task.place === 'active' || task.place === 'unknown'
}

/** Jobs that are there for everybody to see. */
export function visible(world: World): ModelJob[] {
  return [...world.jobs.values()].filter((job) => job.batches.length > 0)
}

/** What claims and live attempts hold of a key. */
export function used(world: World, key: string): number {
  return held(world, key, (task) => task.place === 'claimed' || isLive(task))
}

/** What live attempts hold of a key. */
export function live(world: World, key: string): number {
  return held(world, key, isLive)
}

function held(world: World, key: string, counts: (task: ModelTask) => boolean): number {
  let n = 0
  for (const job of world.jobs.values()) {
    const gates = job.gates.filter((gate) => gate.slots === key).length
    for (const task of job.tasks) {
      if (counts(task)) n += gates
      for (const hold of task.live?.held ?? []) {
        if (hold.kind === 'money' ? hold.key === key : hold.kind === 'slots' && hold.limit === key) n += hold.n
      }
    }
  }
  return n
}

/** The task that a claim holds. */
export function claimedTask(
  world: World,
  claim: string,
): { job: ModelJob; task: ModelTask; index: number } | undefined {
  for (const job of world.jobs.values()) {
    const index = job.tasks.findIndex((task) => task.claim?.id === claim)
    if (index >= 0) return { job, task: job.tasks[index] as ModelTask, index }
  }
  return undefined
}

/** The live attempt of a ref. */
export function liveTask(world: World, ref: string): { job: ModelJob; task: ModelTask; live: ModelLive } | undefined {
  for (const job of world.jobs.values()) {
    for (const task of job.tasks) if (task.live?.ref === ref) return { job, task, live: task.live }
  }
  return undefined
}

export function heldClaims(world: World): string[] {
  return [...world.jobs.values()].flatMap(({ tasks }) => tasks.flatMap(({ claim }) => (claim ? [claim.id] : [])))
}

/** Notes that have changed the memo of a live attempt. */
export function notesOf(world: World, ref: string): number {
  return liveTask(world, ref)?.live.notes ?? 0
}

export function liveRefs(world: World): string[] {
  return [...world.jobs.values()].flatMap(({ tasks }) => tasks.flatMap(({ live: at }) => (at ? [at.ref] : [])))
}

/** One of several, by a number that a command drew. */
export function pick<T>(from: readonly T[], n: number): T | undefined {
  return from[n % Math.max(1, from.length)]
}
