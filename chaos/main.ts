// npm run chaos [-- --json] [--store NAME] [--scenario NAME] [--people N] [--workers N] [--seed N] [--at-once N] [--controls]
import { parseArgs } from 'node:util'
import { planned } from './conductor/plan.js'
import { jsonOf, printTable } from './conductor/report.js'
import { runAll } from './conductor/run-all.js'

try {
  const { values } = parseArgs({
    options: {
      json: { type: 'boolean', default: false },
      store: { type: 'string', default: 'redis' },
      scenario: { type: 'string', multiple: true, default: [] },
      people: { type: 'string' },
      workers: { type: 'string' },
      seed: { type: 'string', default: '0' },
      'at-once': { type: 'string', default: '3' },
      /** Runs every scenario with each of its mechanisms switched off, where it has to find something. */
      controls: { type: 'boolean', default: false },
    },
  })
  const plan = planned({
    store: values.store,
    scenarios: values.scenario,
    controls: values.controls,
    ...(values.people !== undefined && { people: Number(values.people) }),
  })
  const results = await runAll(plan, {
    atOnce: Number(values['at-once']),
    seed: Number(values.seed),
    ...(values.workers !== undefined && { workers: Number(values.workers) }),
  })
  if (values.json) console.log(jsonOf(results))
  else printTable(results)
  process.exitCode = results.every(({ passed }) => passed) ? 0 : 1
} catch (error) {
  console.error(error instanceof Error ? error.message : error)
  process.exitCode = 2
}
