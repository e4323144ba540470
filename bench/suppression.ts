import { createEngine, numbers } from 'outdial'
import { digits, range } from './support/format.js'
import { inTurn, microsecondsEach, speed, timed } from './support/measure.js'
import { atLeast, type Results } from './support/result.js'

const NUMBERS = 1_000_000
const CHECKS = 100_000
const AT_ONCE = 1000
const REPEATS = 3

/**
 * A do-not-call list of a million numbers: loaded from the text of a file, checked number by number, into the memory store. Against the same
 * lines into a bare `Set`. And asked about a hundred thousand numbers, against `Set.has`.
 */
export async function run(): Promise<Results> {
  const all = Array.from({ length: NUMBERS }, (_, i) => `+1${200 + (i % 700)}${2_000_000 + Math.floor(i / 700) * 3}`)
  const text = `${all.join('\n')}\n`
  const { suppression } = createEngine()
  const bare = new Set<string>()
  const loads = await inTurn(REPEATS, {
    ours: () => timed(() => suppression.replace(numbers(text))),
    theirs: () => timed(async () => fill(bare, text)),
  })
  const asked = all.slice(0, CHECKS)
  const checks = await inTurn(REPEATS, {
    ours: () =>
      timed(async () => {
        for (let at = 0; at < CHECKS; at += AT_ONCE) await suppression.check(asked.slice(at, at + AT_ONCE))
      }),
    theirs: () => timed(async () => expectAll(asked.filter((number) => bare.has(number)).length)),
  })
  const load = speed(loads.ours, loads.theirs)
  const check = speed(checks.ours, checks.theirs)
  const seconds = microsecondsEach(loads.ours, 1_000_000)
  const micros = microsecondsEach(checks.ours, CHECKS)
  return {
    suppressionLoad: atLeast(0.12, {
      value: load.cpu.median,
      unit: '× the rate of splitting lines into a Set',
      details: { numbers: NUMBERS, repeats: REPEATS, ratio: load, secondsForAMillion: seconds },
      notes: [`${range(load.cpu)} by CPU time; ${digits(seconds.cpu.median)} s of CPU for a million numbers`],
    }),
    suppressionCheck: atLeast(0.1, {
      value: check.cpu.median,
      unit: '× the rate of Set.has',
      details: { checks: CHECKS, repeats: REPEATS, ratio: check, microseconds: micros },
      notes: [
        `${range(check.cpu)} by CPU time; ${digits(micros.cpu.median)} µs of CPU a number, with why it is listed`,
      ],
    }),
  }
}

function fill(set: Set<string>, text: string): void {
  set.clear()
  for (const line of text.split('\n')) if (line !== '') set.add(line)
  if (set.size !== NUMBERS) throw new Error(`expected ${NUMBERS} numbers, got ${set.size}`)
}

function expectAll(found: number): void {
  if (found !== CHECKS) throw new Error(`expected ${CHECKS} to be listed, found ${found}`)
}
