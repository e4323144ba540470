/** What something took, in seconds. CPU time is that of all threads of the process, garbage collection included. */
export interface Sample {
  wall: number
  cpu: number
}

/** Something of which the middle and the ends are worth knowing. */
export interface Spread {
  median: number
  min: number
  max: number
}

/** Something of which both clocks are worth knowing. */
export type BySample = { [Clock in keyof Sample]: Spread }

/** Measures one run of `work`, after collecting the garbage of those before it. */
export function timed(work: () => Promise<unknown>): Promise<Sample> {
  collectGarbage()
  return timedOn(work)
}

/** Measures one run of `work` behind whatever went before. */
export async function timedOn(work: () => Promise<unknown>): Promise<Sample> {
  const cpu = process.cpuUsage()
  const start = performance.now()
  await work()
  const wall = performance.now() - start
  const { user, system } = process.cpuUsage(cpu)
  return { wall: wall / 1000, cpu: (user + system) / 1_000_000 }
}

/** Runs each in turn, a, b, c, a, b, c, …, so often; and once before, only to warm up. */
export async function inTurn<Name extends string>(
  repeats: number,
  runs: Readonly<Record<Name, () => Promise<Sample>>>,
): Promise<Record<Name, Sample[]>> {
  const names = Object.keys(runs) as Name[]
  const samples = Object.fromEntries(names.map((name) => [name, [] as Sample[]])) as Record<Name, Sample[]>
  for (let round = 0; round <= repeats; round++) {
    for (const name of names) {
      const sample = await runs[name]()
      if (round > 0) samples[name].push(sample)
    }
  }
  return samples
}

/**
 * How many times as fast `ours` is, round by round, so that what both suffered from the machine cancels out. Above 1:
 * ours is faster.
 */
export function speed(ours: readonly Sample[], theirs: readonly Sample[]): BySample {
  const by = (clock: keyof Sample) =>
    spread(ours.map((sample, round) => (theirs[round] as Sample)[clock] / sample[clock]))
  return { wall: by('wall'), cpu: by('cpu') }
}

/** Of how many things one took so long: what each took, in microseconds. */
export function microsecondsEach(samples: readonly Sample[], things: number): BySample {
  const by = (clock: keyof Sample) => spread(samples.map((sample) => (sample[clock] / things) * 1_000_000))
  return { wall: by('wall'), cpu: by('cpu') }
}

export function spread(values: readonly number[]): Spread {
  const sorted = values.toSorted((a, b) => a - b)
  const middle = sorted.length >> 1
  const upper = sorted[middle] as number
  const median = sorted.length % 2 === 1 ? upper : ((sorted[middle - 1] as number) + upper) / 2
  return { median, min: sorted[0] as number, max: sorted.at(-1) as number }
}

/** Bytes that live in this process: the heap, and what it holds outside, typed arrays above all. */
export function liveBytes(): number {
  collectGarbage()
  // `arrayBuffers` is part of `external`.
  const { heapUsed, external } = process.memoryUsage()
  return heapUsed + external
}

export function collectGarbage(): void {
  if (!globalThis.gc) throw new Error('Benchmarks collect garbage before they measure: run node with --expose-gc.')
  globalThis.gc()
}
