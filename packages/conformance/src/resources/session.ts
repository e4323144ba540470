import assert from 'node:assert/strict'
import type { Applied, OperationContext, Resource, ResourceBackend, Selector } from '@outdial/core'
import { NotTried } from '../kit/not-tried.js'
import { Passage } from '../kit/passage.js'
import { orCaught } from '../kit/unanswered.js'
import type { KeptResource, ResourceHarness, ResourceService, ResourcesUnderTest, ResourceWeather } from './harness.js'

/** The engine waits so long for an answer. */
const PATIENCE = 30_000

/** What an operations job does. */
export type Method = 'create' | 'update' | 'delete'
export const METHODS: readonly Method[] = ['create', 'update', 'delete']

/** What can be said of an operation, beside what it does. */
export interface Part {
  readonly ref?: string
  readonly startable?: () => boolean
  readonly backend?: ResourceBackend
  readonly still?: () => void
}

/** One back end under test with its service: what a rule is tried with. */
export class ResourceSession {
  readonly backend: ResourceBackend
  readonly service: ResourceService
  readonly under: ResourcesUnderTest
  readonly time: Passage
  readonly organization: string
  #items = 0
  #refs = 0

  private constructor(under: ResourcesUnderTest, time: Passage) {
    this.under = under
    this.backend = under.backend
    this.service = under.service
    this.time = time
    this.organization = under.organization ?? 'acme'
  }

  static async open(harness: ResourceHarness): Promise<ResourceSession> {
    const time = new Passage(harness.clock)
    return new ResourceSession(await harness.create(time.clock), time)
  }

  async close(): Promise<void> {
    await this.under.destroy()
  }

  /** Data that no resource was made of yet. */
  data(): Readonly<Record<string, unknown>> {
    return this.under.data(this.#items++)
  }

  /** A ref as the engine makes them, that was never used. */
  ref(): string {
    const n = this.#refs++
    return `job_k1tT3st:${n * 37}:1:n0nc3${n}`
  }

  /** A resource that is there. */
  async added(): Promise<KeptResource> {
    return this.service.add(this.data())
  }

  /** How the key fields name a resource that is there. */
  async selectors({ id, fields }: KeptResource): Promise<Selector[]> {
    const { keys } = this.backend.capabilities
    const [field] = keys
    const first = keys.includes('id') ? { field: 'id', value: id } : { field, value: String(fields[field]) }
    const found = await this.#shown(() => this.find(first))
    assert.ok(found, `what has the ${first.field} ${first.value} is not found`)
    return keys.map((key) => ({ field: key, value: String(found.fields[key] ?? fields[key]) }))
  }

  find(selector: Selector, part: Part & { organization?: string } = {}): Promise<Resource | undefined> {
    const { backend = this.backend, organization = this.organization } = part
    return this.time.settle('`find`', backend.find(organization, selector), PATIENCE)
  }

  findCreated(
    data: Readonly<Record<string, unknown>>,
    ref: string,
    backend: ResourceBackend = this.backend,
  ): Promise<Resource | undefined> {
    const asked = backend.findCreated(data, { organization: this.organization, ref })
    return this.time.settle('`findCreated`', asked, PATIENCE)
  }

  /** Looks for what was created as long as it may be invisible. */
  seek(data: Readonly<Record<string, unknown>>, ref: string, backend?: ResourceBackend): Promise<Resource | undefined> {
    return this.#shown(() => this.findCreated(data, ref, backend))
  }

  async #shown(look: () => Promise<Resource | undefined>): Promise<Resource | undefined> {
    const { createVisibility } = this.backend.capabilities
    const lag = this.time.isGiven ? createVisibility || 0 : 1_000
    const until = this.time.clock.monotonic() + lag
    for (;;) {
      const found = await look()
      if (found || this.time.clock.monotonic() >= until) return found
      await this.time.pass(this.time.isGiven ? Math.max(1, lag / 4) : 20)
    }
  }

  async list(part: { backend?: ResourceBackend; organization?: string } = {}): Promise<Resource[]> {
    const { backend = this.backend, organization = this.organization } = part
    const { list } = backend
    assert.ok(list, 'the back end has no `list`')
    const read = async () => {
      const all: Resource[] = []
      for await (const resource of list.call(backend, organization)) all.push(resource)
      return all
    }
    return this.time.settle('`list`', read())
  }

  context({ ref = this.ref(), startable = () => true }: Part): OperationContext {
    return { organization: this.organization, ref, startable }
  }

  /** Creates something; what is thrown is thrown. */
  create(data: Readonly<Record<string, unknown>>, part: Part = {}): Promise<Applied> {
    const { backend = this.backend } = part
    return this.time.settle('`create`', backend.create(data, this.context(part)), PATIENCE, part.still)
  }

  update(selector: Selector, changes: Readonly<Record<string, unknown>>, part: Part = {}): Promise<Applied> {
    const { backend = this.backend } = part
    return this.time.settle('`update`', backend.update(selector, changes, this.context(part)), PATIENCE, part.still)
  }

  delete(selector: Selector, part: Part = {}): Promise<Applied> {
    const { backend = this.backend } = part
    return this.time.settle('`delete`', backend.delete(selector, this.context(part)), PATIENCE, part.still)
  }

  /** Prepares an operation of each kind on a resource of its own, so that it can be met by weather, and answers what does it. */
  async prepare(method: Method): Promise<(part?: Part) => Promise<Applied>> {
    if (method === 'create') {
      const data = this.data()
      return (part) => this.create(data, part)
    }
    const [selector] = await this.selectors(await this.added())
    assert.ok(selector)
    if (method === 'delete') return (part) => this.delete(selector, part)
    const changes = this.under.changes(this.#items)
    return (part) => this.update(selector, changes, part)
  }

  /** Meets weather with an operation. One that throws is `unknown`, as the engine has it. */
  async performIn(weather: ResourceWeather, method: Method, part?: Part): Promise<Applied> {
    const perform = await this.prepare(method)
    await this.meet(weather)
    const answer = await orCaught(perform(part), (error): Applied => ({ status: 'unknown', message: String(error) }))
    await this.time.breathe()
    return answer
  }

  /** Has the next request to change something meet weather; without such weather the rule is not tried. */
  async meet(weather: ResourceWeather): Promise<void> {
    if (!this.offers(weather)) throw new NotTried(`weather of that kind: ${JSON.stringify(weather)}`)
    this.service.next(weather)
    // Idle connections that end with it have to be noticed, or the request is written on one: that is another weather.
    if (typeof weather === 'object' && weather.fault === 'refused') await this.time.breathe()
  }

  /** Whether the service has such weather. */
  offers(weather: ResourceWeather): boolean {
    return !this.service.without?.includes(typeof weather === 'string' ? weather : weather.fault)
  }

  /** What the service has, to be compared with what it had. */
  books(): string {
    const all = this.service.resources().map(({ id, fields }) => ({ id, fields }))
    return JSON.stringify(all.sort((a, b) => (a.id < b.id ? -1 : 1)))
  }
}
