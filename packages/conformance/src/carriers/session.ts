import assert from 'node:assert/strict'
import type { Attempt, CallHandle, Carrier, CarrierEvent, Lookup, Placed, WebhookRequest } from '@outdial/core'
import { NotTried } from '../kit/not-tried.js'
import { Passage } from '../kit/passage.js'
import { orCaught } from '../kit/unanswered.js'
import { type Asked, attemptOf, handleOf, refOf } from './attempts.js'
import type { CarrierHarness, CarrierService, CarrierUnderTest, Ending, PlacedCall, Weather } from './harness.js'

/** The engine waits so long for an answer to `place` or `lookup`. */
const PATIENCE = 30_000
/** A service says of an event within so long, once it has happened. */
const HEARING = 120_000

/** A call that the kit had placed, with what was heard of it. */
export interface Life {
  readonly attempt: Asked
  readonly call: PlacedCall
  /** In the order in which the service told it. */
  readonly events: readonly CarrierEvent[]
  readonly webhooks: readonly WebhookRequest[]
}

/** One carrier under test with its service: what a rule is tried with. */
export class CarrierSession {
  readonly carrier: Carrier
  readonly service: CarrierService
  readonly under: CarrierUnderTest
  readonly time: Passage
  /** Events that the carrier has pushed. */
  readonly pushed: CarrierEvent[] = []
  readonly #disconnect: (() => void)[] = []
  #calls = 0

  private constructor(under: CarrierUnderTest, time: Passage) {
    this.under = under
    this.carrier = under.carrier
    this.service = under.service
    this.time = time
  }

  static async open(harness: CarrierHarness): Promise<CarrierSession> {
    const time = new Passage(harness.clock)
    const session = new CarrierSession(await harness.create(time.clock), time)
    session.connect(session.carrier)
    return session
  }

  /** No engine is there any more for carriers to push to. */
  disconnect(): void {
    for (const disconnect of this.#disconnect.splice(0)) {
      try {
        disconnect()
      } catch {
        // Whether it may throw is the matter of a rule, and not of all of them.
      }
    }
  }

  async close(): Promise<void> {
    this.disconnect()
    await this.under.destroy()
  }

  /** Is the engine that a carrier pushes to, until the end or until it is told otherwise. */
  connect(carrier: Carrier, heard: CarrierEvent[] = this.pushed): (() => void) | undefined {
    const { clock } = this.time
    const disconnect = carrier.connect?.({ clock, emit: (event) => void heard.push(event) })
    if (disconnect) this.#disconnect.push(disconnect)
    return disconnect
  }

  /** An attempt that is like no other before it, to a number of its own unless `to` is given. */
  attempt(part: Partial<Attempt> = {}): Asked {
    return attemptOf(this.#calls++, this.time.clock.now(), { ...this.under.call, ...part })
  }

  /** What the carrier answers to `place`, in time. What it throws is thrown. */
  place(attempt: Attempt, carrier: Carrier = this.carrier, still?: () => void): Promise<Placed> {
    return this.time.settle('`place`', carrier.place(attempt), PATIENCE, still)
  }

  /** Meets weather with a `place`. A `place` that throws is `unknown`, as the engine has it. */
  async placeIn(weather: Weather, part: Partial<Attempt> = {}): Promise<{ attempt: Asked; answer: Placed }> {
    const attempt = this.attempt(part)
    await this.meet(weather)
    const answer = await orCaught(
      this.place(attempt),
      (error): Placed => ({ status: 'unknown', message: String(error) }),
    )
    await this.time.breathe()
    return { attempt, answer }
  }

  /** Has the next request to place a call meet weather; without such weather the rule is not tried. */
  async meet(weather: Weather): Promise<void> {
    if (!this.offers(weather)) throw new NotTried(`weather of that kind: ${JSON.stringify(weather)}`)
    this.service.next(weather)
    // Idle connections that end with it have to be noticed, or the request is written on one: that is another weather.
    if (typeof weather === 'object' && weather.fault === 'refused') await this.time.breathe()
  }

  /** Whether the service has such weather. */
  offers(weather: Weather): boolean {
    const name = typeof weather === 'string' ? weather : weather.fault
    return !this.service.without?.includes(name)
  }

  /** A call that is placed in fair weather, as the service's books have it. */
  async placed(part: Partial<Attempt> = {}): Promise<{ attempt: Asked; call: PlacedCall }> {
    const attempt = this.attempt(part)
    const before = this.#known()
    const answer = await this.place(attempt)
    assert.equal(answer.status, 'accepted', `a call in fair weather was not accepted: ${JSON.stringify(answer)}`)
    return { attempt, call: this.#newCall(attempt, before) }
  }

  /** A call that is placed while the answer is lost. */
  async lost(part: Partial<Attempt> = {}): Promise<{ attempt: Asked; call: PlacedCall }> {
    const before = this.#known()
    const attempt = this.attempt(part)
    await this.meet({ fault: 'silence', placed: true })
    // What it says, and when, is the matter of a rule of its own.
    await this.place(attempt).catch(() => undefined)
    return { attempt, call: this.#newCall(attempt, before) }
  }

  #known(): Set<string> {
    return new Set(this.service.calls().map(({ callId }) => callId))
  }

  #newCall({ to }: Attempt, before: ReadonlySet<string>): PlacedCall {
    const call = this.service.calls().find((each) => each.to === to && !before.has(each.callId))
    assert.ok(call, `the service has no call to ${to}`)
    return call
  }

  /** The one call of which something is so. */
  callWith(what: 'callId' | 'to', value: string): PlacedCall {
    const [call, ...more] = this.service.calls().filter((each) => each[what] === value)
    assert.ok(call, `the service has no call with the ${what} ${value}`)
    assert.equal(more.length, 0, `the service has more than one call with the ${what} ${value}`)
    return call
  }

  /** Places a call and has it take its whole course. `undefined`: the service has no such end. */
  async life(
    how: Ending,
    by: 'person' | 'machine' = how === 'voicemail' ? 'machine' : 'person',
  ): Promise<Life | undefined> {
    this.service.plan?.(how)
    const { attempt, call } = await this.placed()
    const story = new Story(this, attempt.ref)
    const rings = !['busy', 'invalid_number', 'network_error'].includes(how)
    if (rings) await story.hear(this.service.ring(call.callId), 'ringing')
    if (how === 'completed' || how === 'voicemail') await story.hear(this.service.answer(call.callId, by), 'answered')
    if (!(await story.hear(this.service.end(call.callId, how), 'ended'))) return undefined
    return { attempt, call, events: story.events, webhooks: story.webhooks }
  }

  /** What the service tells of something that it does, as the carrier tells it. */
  story(ref: string): Story {
    return new Story(this, ref)
  }

  /** Has a webhook parsed, by the process of `carrier`. */
  async parse(webhook: WebhookRequest, carrier: Carrier = this.carrier): Promise<readonly CarrierEvent[]> {
    assert.ok(carrier.parseWebhook, 'the service sends webhooks, and the carrier has no `parseWebhook`')
    return this.time.settle('`parseWebhook`', carrier.parseWebhook({ ...webhook, headers: { ...webhook.headers } }))
  }

  /** How a call is named to `lookup` and `hangup`. */
  handle(attempt: Asked, callId?: string): CallHandle {
    return handleOf(attempt, callId)
  }

  /** A ref that was never used. */
  unusedRef(): string {
    return refOf(this.#calls++)
  }

  lookup(call: CallHandle, carrier: Carrier = this.carrier): Promise<Lookup> {
    assert.ok(carrier.lookup, 'the carrier claims `lookup` and has none')
    return this.time.settle('`lookup`', carrier.lookup(call), PATIENCE)
  }

  /** Looks a call up until it is found, as long as it may be invisible. */
  async find(call: CallHandle, carrier: Carrier = this.carrier): Promise<Lookup> {
    const { lookup } = this.carrier.capabilities
    const lag = this.time.isGiven ? (lookup ? lookup.visibilityLag : 0) : 1_000
    const until = this.time.clock.monotonic() + lag
    for (;;) {
      const found = await this.lookup(call, carrier)
      if (found.status === 'found' || this.time.clock.monotonic() >= until) return found
      await this.time.pass(this.time.isGiven ? Math.max(1, lag / 4) : 20)
    }
  }

  hangup(call: CallHandle, carrier: Carrier = this.carrier): Promise<'done' | 'gone' | 'refused'> {
    assert.ok(carrier.hangup, 'the carrier claims `hangup` and has none')
    return this.time.settle('`hangup`', carrier.hangup(call), PATIENCE)
  }
}

/** What is heard of one call. */
export class Story {
  readonly events: CarrierEvent[] = []
  readonly webhooks: WebhookRequest[] = []
  readonly #session: CarrierSession
  readonly #ref: string
  readonly #from: number

  constructor(session: CarrierSession, ref: string) {
    this.#session = session
    this.#ref = ref
    this.#from = session.pushed.length
  }

  /** Takes what the service says of something; of a carrier that pushes, waits for an event of the type, or for the end. */
  async hear(said: Promise<readonly WebhookRequest[] | undefined>, type: CarrierEvent['type']): Promise<boolean> {
    const { time, pushed } = this.#session
    const webhooks = await time.settle('the service', said)
    if (webhooks === undefined) return false
    this.webhooks.push(...webhooks)
    const { parseWebhook, connect } = this.#session.carrier
    if (parseWebhook) for (const webhook of webhooks) this.events.push(...(await this.#session.parse(webhook)))
    if (webhooks.length > 0 || !connect) return true
    const own = () => pushed.slice(this.#from).filter(({ ref }) => ref === this.#ref)
    await time.until(() => own().some((event) => event.type === type || event.type === 'ended'), HEARING)
    this.events.splice(0, this.events.length, ...own())
    return true
  }
}
