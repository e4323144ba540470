import { limitOf, type ModelLimit, type World } from './world.js'

/*
 * Pace as a leaky bucket: a key owes its starts and pays them off at its rate; one more may start when it owes at most
 * `burst − 1`. Told differently than by the store, on purpose.
 */

/** What is owed at a time, in starts. */
function owed(limit: ModelLimit, at: number): number {
  if (!('rate' in limit.rule)) return 0
  return Math.max(0, limit.owed - ((at - limit.owedAt) * limit.rule.rate) / 1000)
}

/** When the next start may happen. */
export function earliest(world: World, key: string): number {
  const limit = limitOf(world, key)
  if (!('rate' in limit.rule)) return world.now
  return world.now + (Math.max(0, owed(limit, world.now) + 1 - limit.rule.burst) * 1000) / limit.rule.rate
}

/** How many starts fit into the next so many milliseconds. */
export function startsWithin(world: World, key: string, ms: number): number {
  const limit = limitOf(world, key)
  if (!('rate' in limit.rule)) return Number.POSITIVE_INFINITY
  return Math.floor(limit.rule.burst - owed(limit, world.now) + (ms * limit.rule.rate) / 1000)
}

/** When `n` starts fit into the so many milliseconds that follow. */
export function fits(world: World, key: string, n: number, ms: number): number {
  const limit = limitOf(world, key)
  if (!('rate' in limit.rule)) return world.now
  const { rate, burst } = limit.rule
  return world.now + (Math.max(0, n - burst - (ms * rate) / 1000 + owed(limit, world.now)) * 1000) / rate
}

/** A start at a time. Throws when some window sees more than its rate × length + burst. */
export function start(world: World, key: string, at: number): void {
  const limit = limitOf(world, key)
  if (!('rate' in limit.rule)) return
  limit.owed = owed(limit, at) + 1
  limit.owedAt = at
  limit.grants.push({ at, given: world.now })
  checkWindows(limit, key)
}

/** The rule of a key changed: what it owes stays owed, in starts. */
export function repace(world: World, key: string, rule: ModelLimit['rule']): void {
  const limit = limitOf(world, key)
  limit.owed = owed(limit, world.now)
  limit.owedAt = world.now
  limit.rule = rule
  if ('rate' in rule) limit.paces.push({ from: world.now, rate: rule.rate, burst: rule.burst })
  else {
    limit.paces = []
    limit.grants = []
  }
}

/** Guarantee G5 for every window that ends with a grant, by the highest pace that was in force in it. */
function checkWindows({ grants, paces }: ModelLimit, key: string): void {
  const sorted = [...grants].sort((a, b) => a.at - b.at)
  for (const [i, first] of sorted.entries()) {
    for (let j = i; j < sorted.length; j++) {
      const span = (sorted[j] as { at: number }).at - first.at
      const since = Math.min(...sorted.slice(i, j + 1).map(({ given }) => given))
      const inForce = paces.filter((_, n) => (paces[n + 1]?.from ?? Number.POSITIVE_INFINITY) >= since)
      const rate = Math.max(...inForce.map((pace) => pace.rate))
      const burst = Math.max(...inForce.map((pace) => pace.burst))
      // A start granted a little ahead under the old pace may come after the change.
      const ahead = inForce.length > 1 ? 50 : 0
      const allowed = ((span + ahead) * rate) / 1000 + burst
      if (j - i + 1 > allowed + 1e-3) {
        throw new Error(`G5: ${j - i + 1} starts of ${key} within ${span} ms, where ${allowed} are allowed`)
      }
    }
  }
}
