import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createEngine, type Storage, seededRandom, systemClock } from 'outdial'
import { freePorts } from '../../packages/outdial/test/processes/free-port.js'
import type { Evidence } from '../judge/evidence.js'
import { gather } from '../judge/gather.js'
import { judge, type Verdict } from '../judge/judge.js'
import type { Scenario } from '../scenarios/scenario.js'
import type { ChaosStore } from '../stores/chaos-store.js'
import type { Assignment } from '../worker/assignment.js'
import { chaosCarrier } from '../worker/chaos-carrier.js'
import type { Sabotage } from '../worker/sabotage.js'
import { sabotagedStorage } from '../worker/sabotaged-storage.js'
import { skewedClock } from '../worker/skewed-clock.js'
import { type Campaign, createCampaigns, RETRIED, ratesOf } from './campaigns.js'
import { Crew } from './crew.js'
import { type Field, ledgerOf } from './field.js'
import { LimitBook } from './limit-book.js'
import { firstMessage, kill, sleep, startProcess } from './processes.js'

/** What may be different from run to run. */
export interface Drawn {
  /** What everything that is left to chance is drawn from; default 0. How processes take turns is nobody's choice. */
  seed?: number
  /** As many workers, where the scenario has fewer. */
  workers?: number
}

/** How a scenario is run. */
export interface RunOptions extends Drawn {
  store: ChaosStore
  people: number
  sabotage?: Sabotage
  /** Milliseconds after which what is still open counts as lost. */
  patience?: number
}

/** What came of it. */
export interface Run {
  tasks: number
  faults: number
  verdict: Verdict
  evidence: Evidence
}

/** Calls of one second, to people most of whom answer. */
const CARRIER = {
  outcomes: { answered: 0.7, busy: 0.2, no_answer: 0.1 },
  setup: [0, 50],
  ring: [0, 150],
  talk: [50, 500],
  replyDelay: [0, 150],
  ledger: false,
  seed: 11,
} as const
/** What happens after the last end must have had its time. */
const AFTERMATH = 2_000

/** Runs a scenario in processes of its own and judges it. */
export async function runScenario(scenario: Scenario, options: RunOptions): Promise<Run> {
  const prices = scenario.campaigns?.prices
  const { store, people, sabotage, patience = 600_000, seed = 0, workers = 0 } = options
  const folder = mkdtempSync(join(tmpdir(), 'outdial-chaos-'))
  const ledgerFile = join(folder, 'ledger.jsonl')
  writeFileSync(ledgerFile, '')
  const running = await store.start(folder, sabotage)
  const carrierProcess = startProcess('conductor/carrier-main.ts', {
    ...CARRIER,
    ...scenario.carrier,
    ...(prices && { costPerMinute: prices.cost }),
    seed: CARRIER.seed + seed,
    ledgerFile,
  })
  const carrierUrl = await firstMessage(carrierProcess)
  const ports = await freePorts(Math.max(scenario.workers, workers))
  const lookup = scenario.carrier?.capabilities?.lookup
  // Somebody has to be there to take webhooks; one who comes later only has its own sent elsewhere.
  const listening = ports.filter((_, i) => !scenario.late?.includes(i))
  const assignments = ports.map((port, i): Assignment => {
    return {
      store: store.name,
      address: running.address,
      carrierUrl,
      port,
      callbackPort: listening[(i + 1) % listening.length] as number,
      skew: scenario.skews?.[i] ?? 0,
      lookup: lookup !== false,
      visibilityLag: (lookup || { visibilityLag: 2_000 }).visibilityLag,
      loseReplies: scenario.loseReplies ?? false,
      ...(prices && { prices }),
      ...(sabotage !== undefined && { sabotage }),
    }
  })
  const crew = new Crew(assignments)
  const storage = store.open(running.judgeAddress, sabotage)
  // A store without a clock of its own takes the latest that it is shown, so the conductor's has to be among the workers'.
  const clock = skewedClock(systemClock(), Math.min(0, ...(scenario.skews ?? [])))
  const sim = chaosCarrier(assignments[0] as Assignment, clock, storage)
  const users = scenario.usersOverLink ? store.open(running.address, sabotage) : storage
  const engine = createEngine({
    storage: sabotagedStorage(users, sabotage),
    clock,
    carriers: { sim },
    dial: [],
    ...ratesOf(prices),
  })
  try {
    const limits = new LimitBook()
    const campaigns = await createCampaigns(engine, limits, people, scenario.campaigns)
    let faults = 0
    const random = seededRandom(5 + seed)
    const field: Field = {
      crew,
      store: running,
      engine,
      ...campaigns,
      limits,
      stops: [],
      ports,
      people,
      random: () => random.next(),
      ledger: () => ledgerOf(ledgerFile),
      patience,
      fault: (times = 1) => {
        faults += times
      },
    }
    await crew.start([...ports.keys()].filter((worker) => !scenario.late?.includes(worker)))
    const deadline = Date.now() + patience
    const stuck = await scenario.act(field).then(
      () => [],
      (error: unknown) => [String(error)],
    )
    await campaigns.reminders.job.close()
    const jobs = Object.values(campaigns)
    await allOver(storage, jobs, deadline)
    await silence(field, Math.max(deadline, Date.now() + 10_000))
    await crew.end()
    const evidence: Evidence = {
      ledger: field.ledger(),
      jobs: await Promise.all(jobs.map(({ job, expected }) => gather(storage, job.id, expected))),
      limits: limits.limits,
      stops: field.stops,
      ...(prices && { prices }),
      retried: RETRIED,
      sameClock: !scenario.skews,
      stuck,
    }
    const tasks = jobs.reduce((sum, { expected }) => sum + expected, 0)
    return { tasks, faults: faults + crew.faults, verdict: judge(evidence), evidence }
  } finally {
    await crew.end()
    await engine.stop()
    sim.close()
    await storage.close()
    if (users !== storage) await users.close()
    await kill(carrierProcess)
    await running.stop()
    rmSync(folder, { recursive: true, force: true })
  }
}

async function allOver(storage: Storage, campaigns: readonly Campaign[], deadline: number): Promise<void> {
  for (const { job } of campaigns) {
    while (Date.now() < deadline && (await storage.getJob(job.id))?.endedAt === undefined) await sleep(250)
  }
}

/** When no call is live at the carrier any more, nor begins. */
async function silence(field: Field, deadline: number): Promise<void> {
  for (let quietSince = Date.now(); Date.now() < deadline; ) {
    const live = new Set<string>()
    let last = 0
    for (const { kind, ref, at } of field.ledger()) {
      if (kind === 'placed') live.add(ref)
      if (kind === 'ended') live.delete(ref)
      last = at
    }
    if (live.size > 0) quietSince = Date.now()
    if (Date.now() - Math.max(quietSince, last) >= AFTERMATH) return
    await sleep(250)
  }
}
