// npm run bench [-- NAME …] [--json] [--profile]: every benchmark in a process of its own, one after the other.
import { machine, print } from './support/print.js'
import type { Result } from './support/result.js'
import { runBuilt } from './support/run-built.js'

/** By the names of their files. */
const BENCHMARKS = ['call-life', 'waiting-heap', 'simulated-day', 'contacts', 'control']
const FLAGS = ['--json', '--profile']

const given = process.argv.slice(2)
const unknown = given.filter((argument) => ![...BENCHMARKS, ...FLAGS].includes(argument))
if (unknown.length > 0) {
  console.error(`There is no ${unknown.join(', ')}. There are: ${[...BENCHMARKS, ...FLAGS].join(', ')}.`)
  process.exit(2)
}
const asked = BENCHMARKS.filter((name) => given.includes(name))
const profile = given.includes('--profile')

// To stderr: the results alone are what somebody may want to keep, or read by a program.
console.error(machine())
const results: Record<string, Result> = {}
for (const name of asked.length > 0 ? asked : BENCHMARKS) {
  console.error(`${name} …`)
  results[name] = await runBuilt(name, { profile })
}
if (given.includes('--json')) console.log(JSON.stringify(results))
else print(results)
