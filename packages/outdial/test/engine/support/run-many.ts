import { runSeed } from './run-seed.js'

// Runs seeds from a first to a last, and prints those that fail: node … run-many.ts FIRST LAST
const [first = 1, last = first] = process.argv.slice(2).map(Number)
const began = performance.now()
let failed = 0
let calls = 0
let slowest = 0
for (let seed = first; seed <= last; seed++) {
  const from = performance.now()
  const outcome = await runSeed(seed)
  slowest = Math.max(slowest, performance.now() - from)
  calls += outcome.calls
  if (process.env.VERBOSE) console.log(seed, Math.round(performance.now() - from), outcome.steps, outcome.calls)
  if (outcome.violations.length === 0) continue
  failed++
  process.exitCode = 1
  if (failed <= 15)
    console.log(
      `seed ${seed}:\n  ${outcome.violations
        .slice(0, 4)
        .map((text) => text.slice(0, 700))
        .join('\n  ')}`,
    )
  if (process.env.STOP) break
}
console.log({ first, last, failed, calls, ms: Math.round(performance.now() - began), slowest: Math.round(slowest) })
