import { parseArgs } from 'node:util'
import type { Storage } from 'outdial'
import { kvStorage, memoryKv } from '../../../storage-kv/src/index.js'
import { type Outcome, runSeed } from './support/run-seed.js'

// npm run simulate -- --seeds N [--first N] [--store memory|kv] [--json]: whole engines on a virtual clock, with faults of store,
// carrier and workers drawn from each seed, and every guarantee checked after every step.

type Make = (() => Storage) | undefined

const STORES: Readonly<Record<string, { make: Make }>> = {
  memory: { make: undefined },
  kv: { make: () => kvStorage(memoryKv(), { events: 1_000_000 }) },
}
const SHOWN = 4

function options() {
  const { values } = parseArgs({
    options: {
      seeds: { type: 'string', default: '100' },
      first: { type: 'string', default: '1' },
      store: { type: 'string', default: 'memory' },
      json: { type: 'boolean', default: false },
    },
  })
  const store = STORES[values.store]
  if (!store) throw new Error(`--store: '${values.store}' is none of ${Object.keys(STORES).join(', ')}`)
  return {
    seeds: whole('seeds', values.seeds),
    first: whole('first', values.first),
    make: store.make,
    json: values.json,
  }
}

function whole(name: string, text: string): number {
  const number = Number(text)
  if (!Number.isInteger(number) || number < 1) throw new Error(`--${name}: '${text}' is no whole number from 1`)
  return number
}

/** A seed is a whole story only if it can be told again. */
async function run(seed: number, make: Make): Promise<Outcome> {
  const outcome = await runSeed(seed, make)
  if (outcome.violations.length === 0) return outcome
  const again = await runSeed(seed, make)
  if (again.hash === outcome.hash) return outcome
  return { ...outcome, violations: [...outcome.violations, 'and it went otherwise when it was run again'] }
}

async function main(): Promise<void> {
  const { seeds, first, make, json } = options()
  const say = (line: string) => process.stderr.write(`${line}\n`)
  const began = performance.now()
  const total = { seeds, failed: [] as number[], calls: 0, steps: 0, crashes: 0 }
  for (let seed = first; seed < first + seeds; seed++) {
    const { violations, calls, steps, crashes } = await run(seed, make)
    total.calls += calls
    total.steps += steps
    total.crashes += crashes
    const done = seed - first + 1
    if (done % 100 === 0 && done < seeds) say(`${done} of ${seeds} seeds, ${total.failed.length} failed`)
    if (violations.length === 0) continue
    total.failed.push(seed)
    say(`seed ${seed} broke a guarantee; again: npm run simulate -- --seeds 1 --first ${seed}`)
    for (const violation of violations.slice(0, SHOWN)) say(`  ${violation.slice(0, 700)}`)
  }
  const seconds = Math.round((performance.now() - began) / 1000)
  say(
    `${seeds} seeds from ${first}: ${total.calls} calls, ${total.steps} steps, ${total.crashes} crashes of workers, ` +
      `${total.failed.length} seeds failed; ${seconds} s`,
  )
  if (json) console.log(JSON.stringify(total))
  if (total.failed.length > 0) process.exitCode = 1
}

try {
  await main()
} catch (error) {
  console.error(error instanceof Error ? error.message : error)
  process.exitCode = 2
}
