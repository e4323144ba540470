import fc from 'fast-check'
import {
  type CallJob,
  createEngine,
  type Engine,
  type RateSheet,
  type SimulatedCarrier,
  type Storage,
  seededIds,
  seededRandom,
  simulatedCarrier,
  type Usage,
  virtualClock,
} from 'outdial'
import { FROM, HOUR, MINUTE, phone, SECOND } from './bench.js'

const step = fc.oneof(
  { weight: 6, arbitrary: fc.record({ do: fc.constant('wait' as const), by: fc.integer({ min: 1, max: 90 }) }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('crash' as const), by: fc.nat(1) }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('total' as const), by: fc.integer({ min: 0, max: 9000 }) }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('day' as const), by: fc.integer({ min: 0, max: 9000 }) }) },
  {
    weight: 1,
    arbitrary: fc.record({ do: fc.constant('organization' as const), by: fc.integer({ min: 0, max: 9000 }) }),
  },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('correct' as const), by: fc.nat(1000) }) },
)

/** Two workers on one job whose calls cost what they cost, while people change what they may. */
export const moneyStory = fc.record({
  seed: fc.nat(10_000),
  book: fc.constantFrom('cost' as const, 'rate' as const),
  billing: fc.constantFrom('60/60' as const, '30/6' as const, '1/1' as const),
  perMinute: fc.constantFrom(0.85, 7, 60, 100 / 3),
  total: fc.integer({ min: 0, max: 6000 }),
  perDay: fc.integer({ min: 0, max: 6000 }),
  lost: fc.constantFrom(0, 0.2),
  steps: fc.array(step, { minLength: 2, maxLength: 12 }),
})
type Story = typeof moneyStory extends fc.Arbitrary<infer T> ? T : never

const MICRO = 1_000_000
const MAX_DURATION = 5 * MINUTE

/** Lives through it, looks after each minute, and says where there was more than there may be. */
export async function liveThrough(store: Storage, story: Story): Promise<string[]> {
  const { seed, book, billing, perMinute, lost } = story
  // Midnight comes twice within the story.
  const clock = virtualClock({ start: '2027-03-13T23:00:00Z' })
  const sheet: RateSheet = { default: { perMinute, billing, perCall: 0.3 }, book }
  const carrier = simulatedCarrier({
    seed,
    clock,
    outcomes: { answered: 5, voicemail: 1, busy: 1, no_answer: 1 },
    talk: [1000, MAX_DURATION],
    // Never dearer than the rates say.
    costPerMinute: perMinute,
    faults: { eventsLost: lost, timeoutPlaced: lost / 2, timeoutNotPlaced: lost / 2 },
    capabilities: { lookup: lost > 0 ? false : { visibilityLag: 2000, horizon: HOUR } },
  })
  const emits = new Set<Parameters<SimulatedCarrier['connect']>[0]['emit']>()
  const connect = carrier.connect.bind(carrier)
  Object.assign(carrier, {
    connect: (host: Parameters<SimulatedCarrier['connect']>[0]) => {
      emits.add(host.emit)
      const off = connect(host)
      return () => {
        emits.delete(host.emit)
        off()
      }
    },
  })
  /** What was used when a limit was last changed: read in the step before the change, where nothing comes between. */
  const storage = new Proxy(store, {
    get(target, name) {
      const method = Reflect.get(target, name, target) as unknown
      if (typeof method !== 'function') return method
      if (name !== 'control' && name !== 'setLimits') return method.bind(target)
      return (...given: unknown[]) => {
        const [before, done] = [target.usage(keys()), method.apply(target, given) as Promise<unknown>]
        return Promise.all([before.then(note, () => {}), done]).then(() => done)
      }
    },
  })
  let id = ''
  const keys = () => {
    const date = new Date(clock.now()).toISOString().slice(0, 10)
    return [
      { key: `money:job:${id}` },
      { key: `money:job:${id}:day:${date}`, limit: `money:job:${id}:day` },
      { key: `money:organization:acme:day:${date}`, limit: 'money:organization:acme:day' },
    ]
  }
  /** What there was when it was last looked: a limit that was lowered drains, and nothing comes on top. */
  const watched = new Map<string, number>()
  const note = (usages: readonly Usage[]) => {
    for (const [i, { held, spent }] of usages.entries()) watched.set((keys()[i] as { key: string }).key, held + spent)
  }
  type Worker = { engine: Engine<{ sim: SimulatedCarrier }>; refs: string[] }
  let made = 0
  const wrong: string[] = []
  const worker = async (): Promise<Worker> => {
    const number = made++
    const engine = createEngine({
      storage,
      carriers: { sim: carrier },
      rates: { sim: book === 'rate' ? sheet : { ...sheet, default: { perMinute, billing: '60/60', perCall: 0.3 } } },
      clock,
      ids: seededIds(`ids ${seed} ${number}`),
      random: seededRandom(`random ${seed} ${number}`),
    })
    engine.on('engine.failed', ({ error }) => wrong.push(String(error)))
    engine.on('storage.failed', ({ error }) => wrong.push(String(error)))
    await engine.start()
    return { engine, refs: [] }
  }
  const workers = [await worker(), await worker()]
  const jobOf = async (): Promise<CallJob> => (await (workers[0] as Worker).engine.calls.get(id)) as CallJob
  const created = await (workers[0] as Worker).engine.calls.create({
    name: 'A',
    carrier: 'sim',
    organization: 'acme',
    from: FROM,
    contacts: Array.from({ length: 40 }, (_, i) => ({ phone: phone(i) })),
    attempts: 2,
    maxDuration: MAX_DURATION,
    start: 'now',
    budget: { total: story.total, perDay: story.perDay },
  })
  id = created.id
  const look = async (): Promise<void> => {
    const asked = keys()
    for (const [i, { rule, held, spent }] of (await storage.usage(asked)).entries() as Iterable<[number, Usage]>) {
      const { key } = asked[i] as { key: string }
      if (!('money' in rule)) {
        wrong.push(`${key} is no limit of money`)
        continue
      }
      const used = held + spent
      const before = watched.get(key) ?? 0
      if (used > Math.max(rule.money, before)) wrong.push(`${key}: ${used / MICRO} of ${rule.money / MICRO}`)
      watched.set(key, used)
    }
  }
  const pass = async (ms: number) => {
    for (let left = ms; left > 0; left -= 20 * SECOND) {
      await clock.advance(Math.min(left, 20 * SECOND))
      await look()
    }
  }
  for (const { do: what, by } of story.steps) {
    if (what === 'wait') await pass(by * 10 * SECOND)
    if (what === 'total') await (await jobOf()).update({ budget: { total: by } }).catch(over)
    if (what === 'day') await (await jobOf()).update({ budget: { perDay: by } }).catch(over)
    if (what === 'organization')
      await (workers[0] as Worker).engine.setLimits({ organization: 'acme' }, { moneyPerDay: by })
    if (what === 'correct') {
      // Downwards: what was booked and turns out to be more may be over any cap.
      const [call] = (await (await jobOf()).taskPage({ max: 500 })).items.flatMap(({ calls }) => calls.slice(0, 1))
      const [emit] = emits
      if (call?.booked && emit) emit({ ref: call.ref, type: 'ended', cost: (call.booked * by) / 1000 })
      await pass(SECOND)
    }
    if (what === 'crash') {
      await (workers[by] as Worker).engine.abandon()
      workers[by] = await worker()
    }
    await look()
  }
  const job = await jobOf()
  if ((await job.snapshot()).state !== 'completed') await job.cancel()
  await pass(2 * HOUR)
  const [end] = (await storage.usage([{ key: `money:job:${id}` }])) as [Usage]
  let sum = 0
  for await (const { calls } of job.tasks()) for (const call of calls) sum += Math.round((call.booked ?? 0) * MICRO)
  if (end.held !== 0) wrong.push(`${end.held} are held though all is over`)
  if (end.spent !== sum) wrong.push(`${end.spent} spent, ${sum} booked`)
  for (const { engine } of workers) {
    const stopped = engine.stop({ drain: 0 })
    await clock.advance(10 * SECOND)
    await stopped
  }
  return wrong
}

function over(error: unknown): void {
  if (!/illegal_transition|ended/.test(String((error as { code?: string }).code))) throw error
}
