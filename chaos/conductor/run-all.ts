import { FOUND_AS } from '../judge/expected.js'
import { violations } from '../judge/judge.js'
import { historyOf, tasksIn } from './history.js'
import type { Planned } from './plan.js'
import { type Drawn, type Run, runScenario } from './run-scenario.js'

/** What came of one run. */
export interface Result extends Run {
  /** Of the scenario, and of what was switched off. */
  name: string
  about: string
  seconds: number
  /** Nothing was found; or in a control, what has to be. */
  passed: boolean
}

/** How all are run. */
export interface AllOptions extends Drawn {
  atOnce: number
}

/** A control may never end, and what is open by then is found as lost. */
const CONTROL_PATIENCE = 120_000
/** Violations that are shown of a run; one mistake can make hundreds. */
const SHOWN = 8
/** Tasks whose whole story is told. */
const TOLD = 2

/** Runs all, so many at once: most of a scenario is waiting for time-outs, which other scenarios need not wait for. */
export async function runAll(plan: readonly Planned[], { atOnce, ...options }: AllOptions): Promise<Result[]> {
  const results: Result[] = []
  const left = [...plan.entries()]
  const lane = async (): Promise<void> => {
    for (let next = left.shift(); next; next = left.shift()) results[next[0]] = await runOne(next[1], options)
  }
  await Promise.all(Array.from({ length: Math.max(1, atOnce) }, lane))
  return results
}

async function runOne({ scenario, store, people, sabotage }: Planned, options: Drawn): Promise<Result> {
  const name = sabotage === undefined ? scenario.name : `${scenario.name} without ${sabotage}`
  console.error(`${name} …`)
  const begun = Date.now()
  const run = await runScenario(scenario, {
    ...options,
    store,
    people,
    ...(sabotage !== undefined && { sabotage, patience: CONTROL_PATIENCE }),
  })
  const found = violations(run.verdict)
  const passed =
    sabotage === undefined ? found.length === 0 : FOUND_AS[sabotage].some((wrong) => run.verdict[wrong].length > 0)
  const seconds = Math.round((Date.now() - begun) / 1000)
  console.error(`${name}: ${seconds} s, ${found.length === 0 ? 'nothing found' : `found ${found.length}`}`)
  for (const message of found.slice(0, SHOWN)) console.error(`  ${message}`)
  if (found.length > SHOWN) console.error(`  and ${found.length - SHOWN} more`)
  if (!passed) {
    for (const task of tasksIn(found).slice(0, TOLD)) {
      console.error(`  ${task}:`)
      for (const line of historyOf(run.evidence, task)) console.error(`    ${line}`)
    }
  }
  return { name, about: scenario.about, seconds, passed, ...run }
}
