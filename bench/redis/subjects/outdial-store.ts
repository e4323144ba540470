import { redisStorage } from '@outdial/storage-redis'
import { Redis } from 'ioredis'
import { type Limit, type LimitRule, type Phase, type Storage, systemClock, systemRandom } from 'outdial'
import type { Person } from '../support/corpus.js'

/** A store on the server, with the connection that it was given. */
export interface OpenStore {
  readonly storage: Storage
  close(): Promise<void>
}

/** What a contact's calls are checked against besides the limits that every call passes. */
export interface Guards {
  suppression: boolean
  cap: boolean
  callerIds: boolean
  money: boolean
}

/** Jobs, all of the same route, of organizations that take turns. */
export interface Campaigns {
  readonly jobs: readonly { id: string; organization: string }[]
  readonly tasks: number
}

/** Where jobs are dialed. */
export const ROUTE = 'bench'
/** Caller ids of each organization. */
export const CALLER_IDS = 6
/** What the money hold of a call is, in the smallest unit. */
export const PRICE = 20
const NEVER_REACHED: Record<'slots' | 'rate' | 'cap' | 'money', LimitRule> = {
  slots: { slots: 1_000_000 },
  rate: { rate: 1_000_000, burst: 1_000_000 },
  cap: { cap: 3, windowMs: 86_400_000 },
  money: { money: 1e12 },
}
/** As the engine loads. */
const CHUNK = 1024
/** As the engine makes a job that is to start now. */
const COMPLETED: Phase = { state: 'completed', dialable: false }
const QUEUED: Phase = {
  state: 'queued',
  dialable: true,
  onClaim: { state: 'running', dialable: true, onDrained: COMPLETED },
  onDrained: COMPLETED,
}
const ALWAYS = { lane: 0, name: '*|0', priority: 0, open: null }

/** Opens a store as a host does. `events`: how many a job keeps. */
export async function openStore(port: number, { events }: { events?: number } = {}): Promise<OpenStore> {
  const client = new Redis(port, '127.0.0.1')
  const storage = redisStorage({ client, ...(events !== undefined && { events }) })
  await storage.open({ clock: systemClock(), random: systemRandom() })
  return {
    storage,
    async close() {
      await storage.close()
      client.disconnect()
    },
  }
}

/** Makes jobs of these people through the storage port, and loads them: in chunks, without duplicates. */
export async function loadCampaigns(
  storage: Storage,
  people: readonly Person[],
  { jobs, organizations, limits }: { jobs: number; organizations: number; limits?: LimitRule },
): Promise<Campaigns> {
  const size = people.length / jobs
  const made = []
  for (let n = 0; n < jobs; n++) {
    const id = `job${n}`
    const organization = `org${n % organizations}`
    await createJob(storage, id, organization, limits ? { slots: limits } : {})
    await loadTasks(storage, id, people.slice(Math.round(n * size), Math.round((n + 1) * size)))
    made.push({ id, organization })
  }
  return { jobs: made, tasks: people.length }
}

/** A job without contacts, under limits of every kind that are never reached unless others are given. */
export async function createJob(
  storage: Storage,
  id: string,
  organization: string,
  { slots = NEVER_REACHED.slots, weight = 1 }: { slots?: LimitRule; weight?: number } = {},
): Promise<void> {
  const gate = (blocks: 'job' | 'organization' | 'route', name: string) => ({
    blocks,
    slots: `slots:${name}`,
    rate: `rate:${name}`,
  })
  const own = `job:${id}`
  const others = [`organization:${organization}`, `route:${ROUTE}`, 'everything']
  const limits: Limit[] = [
    { key: `slots:${own}`, revision: 1, ...slots },
    ...others.map((name) => ({ key: `slots:${name}`, revision: 1, ...NEVER_REACHED.slots })),
    ...[own, ...others].map((name) => ({ key: `rate:${name}`, revision: 1, ...NEVER_REACHED.rate })),
  ]
  await storage.createJob({
    id,
    organization,
    route: ROUTE,
    spec: '{}',
    weight: 1,
    organizationWeight: weight,
    gates: [
      gate('job', own),
      gate('organization', others[0] as string),
      gate('route', others[1] as string),
      gate('route', 'everything'),
    ],
    limits,
    dedupe: true,
    phase: QUEUED,
    timers: {},
  })
}

/** Loads people into a job that has none, as the engine does it. */
export async function loadTasks(storage: Storage, jobId: string, people: readonly Person[]): Promise<void> {
  await storage.openBatch(jobId, 'people', 'people')
  for (let seq = 0; seq * CHUNK < people.length; seq++) {
    const tasks = people.slice(seq * CHUNK, (seq + 1) * CHUNK).map((person) => {
      return { key: person.phone.slice(1), payload: JSON.stringify(person) }
    })
    await storage.stage(jobId, 'people', { seq, lane: ALWAYS, tasks })
  }
  await storage.seal(jobId, 'people', people.length, '{}')
}

/** Sets the limits and lists that guarded calls are checked against; one person in a hundred is on a list. */
export async function setGuards(storage: Storage, people: readonly Person[], organizations: number): Promise<void> {
  const limits: Limit[] = []
  for (let n = 0; n < organizations; n++) {
    limits.push({ key: `cap:org${n}`, revision: 1, ...NEVER_REACHED.cap })
    limits.push({ key: `money:org${n}`, revision: 1, ...NEVER_REACHED.money })
    for (let k = 0; k < CALLER_IDS; k++) {
      limits.push({ key: `slots:from:org${n}:${k}`, revision: 1, ...NEVER_REACHED.slots })
      limits.push({ key: `rate:from:org${n}:${k}`, revision: 1, ...NEVER_REACHED.rate })
    }
  }
  await storage.setLimits(limits)
  const listed = people.filter((_, i) => i % 100 === 7).map(({ phone }) => phone)
  for (let i = 0; i < listed.length; i += 1000) {
    await storage.setList('suppressed:everything', { add: listed.slice(i, i + 1000) })
  }
}
