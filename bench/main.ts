// npm run bench [-- NAME …] [--json] [--profile] [--tasks N] [--rounds N]: every benchmark in a process of its own, in turn.
import { parseArgs } from 'node:util'
import { chosen, names } from './benchmarks.js'
import { machine, print } from './support/print.js'
import type { Result } from './support/result.js'
import { runBuilt } from './support/run-built.js'
import { FULL, SHORT } from './support/settings.js'

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    json: { type: 'boolean', default: false },
    profile: { type: 'boolean', default: false },
    short: { type: 'boolean', default: false },
    tasks: { type: 'string' },
    rounds: { type: 'string' },
  },
})
const { unknown, asked } = chosen(positionals)
if (unknown.length > 0) {
  console.error(`There is no ${unknown.join(', ')}. There are: ${names().join(', ')}.`)
  process.exit(2)
}
const settings = {
  ...(values.short ? SHORT : FULL),
  ...(values.tasks !== undefined && { tasks: Number(values.tasks) }),
  ...(values.rounds !== undefined && { rounds: Number(values.rounds) }),
}

// To stderr: the results alone are what somebody may want to keep, or read by a program.
console.error(machine())
const results: Record<string, Result> = {}
for (const name of asked) {
  console.error(`${name} …`)
  Object.assign(results, await runBuilt(name, { profile: values.profile, settings }))
}
if (values.json) console.log(JSON.stringify(results))
else print(results)
