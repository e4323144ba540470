import type { CallJob, Engine, SimulatedCarrier } from 'outdial'
import { Bench, HOUR, phone } from '../../engine/support/bench.js'
import { MONDAY, optionsOf, type Plan } from './plan.js'

/** A planned campaign as a draft, in a world that has seen calls before, with an engine that is at work. */
export class Scene {
  readonly bench: Bench
  readonly engine: Engine<{ sim: SimulatedCarrier }>
  readonly job: CallJob
  /** When calls of the campaign were begun, by contact. */
  readonly fenced: Map<number, number[]> = new Map()

  private constructor(bench: Bench, engine: Engine<{ sim: SimulatedCarrier }>, job: CallJob) {
    this.bench = bench
    this.engine = engine
    this.job = job
    job.on('call.fenced', ({ task, call }) => {
      const known = this.fenced.get(task.index)
      if (known) known.push(call.fencedAt)
      else this.fenced.set(task.index, [call.fencedAt])
    })
  }

  static async open(plan: Plan, outcomes: Record<string, number>): Promise<Scene> {
    const start = MONDAY + plan.startsAt * HOUR
    const bench = new Bench({ start: start - 2 * HOUR, carrier: { outcomes } })
    const engine = await bench.started()
    await calledBefore(bench, engine, plan)
    await bench.clock.advanceTo(start)
    const job = await engine.calls.create(bench.campaign(optionsOf(plan, start)))
    const list = { everything: 'suppressed:everything', organization: 'suppressed:organization:default' } as const
    for (const [i, { listed }] of plan.contacts.entries()) {
      if (!listed) continue
      const until = listed.hours === undefined ? {} : { until: start + listed.hours * HOUR }
      await bench.storage.setList(list[listed.list], { add: [{ member: phone(i), ...until }] })
    }
    return new Scene(bench, engine, job)
  }

  get now(): number {
    return this.bench.clock.now()
  }

  /** Lets the campaign run to its end, or for so long. */
  async run(days: number): Promise<void> {
    for (let day = 0; day < days; day++) {
      await this.bench.clock.advance(24 * HOUR)
      if ((await this.job.snapshot()).endedAt !== undefined) return
    }
  }

  async close(): Promise<void> {
    await this.engine.abandon()
    this.bench.clock.dispose()
  }
}

/** Other campaigns, an hour earlier, under the same caps. */
async function calledBefore(bench: Bench, engine: Engine<{ sim: SimulatedCarrier }>, plan: Plan): Promise<void> {
  for (const time of [1, 2]) {
    const contacts = plan.contacts.flatMap(({ calledBefore: times, person }, i) =>
      times >= time ? [{ phone: phone(i), externalId: `before ${person} ${i}` }] : [],
    )
    if (contacts.length === 0) continue
    const { phone: max } = plan.caps
    const job = await engine.calls.create(
      bench.campaign({ contacts, caps: max === undefined ? [] : [{ per: 'phone', max, within: '1d' }] }),
    )
    await bench.clock.advance(HOUR / 2)
    // Whom a cap has kept waiting would be called in the middle of what is looked at.
    if ((await job.snapshot()).endedAt === undefined) await job.cancel()
  }
}
