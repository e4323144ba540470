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

/** Measures one run of `work`, after collecting the garbage of those before it. */
export async function timed(work: () => Promise<unknown>): Promise<Sample> {
  collectGarbage()
  const cpu = process.cpuUsage()
  const start = performance.now()
  await work()
  const wall = performance.now() - start
  const { user, system } = process.cpuUsage(cpu)
  return { wall: wall / 1000, cpu: (user + system) / 1_000_000 }
}

/** Two things measured in turn: seconds of each, and how many times as fast the first is. */
export interface Comparison {
  ours: { wall: Spread; cpu: Spread }
  theirs: { wall: Spread; cpu: Spread }
  /** Theirs divided by ours, run by run: what both suffered from the machine cancels out. Above 1: ours is faster. */
  ratio: { wall: Spread; cpu: Spread }
}

/** Runs ours, theirs, ours, theirs, … so often each, after one pair that only warms up. */
export async function compare(
  repeats: number,
  ours: () => Promise<Sample>,
  theirs: () => Promise<Sample>,
): Promise<Comparison> {
  const pairs: { ours: Sample; theirs: Sample }[] = []
  for (let run = 0; run <= repeats; run++) {
    const pair = { ours: await ours(), theirs: await theirs() }
    if (run > 0) pairs.push(pair)
  }
  const of = (pick: (pair: { ours: Sample; theirs: Sample }) => number) => spread(pairs.map(pick))
  return {
    ours: { wall: of((pair) => pair.ours.wall), cpu: of((pair) => pair.ours.cpu) },
    theirs: { wall: of((pair) => pair.theirs.wall), cpu: of((pair) => pair.theirs.cpu) },
    ratio: {
      wall: of((pair) => pair.theirs.wall / pair.ours.wall),
      cpu: of((pair) => pair.theirs.cpu / pair.ours.cpu),
    },
  }
}

export function spread(values: readonly number[]): Spread {
  const sorted = values.toSorted((a, b) => a - b)
  return { median: median(sorted), min: sorted[0] as number, max: sorted.at(-1) as number }
}

/** Bytes that live in this process: the heap, and what it holds outside, such as typed arrays. */
export function liveBytes(): number {
  collectGarbage()
  const { heapUsed, external } = process.memoryUsage()
  return heapUsed + external
}

export function collectGarbage(): void {
  if (!globalThis.gc) throw new Error('benchmarks collect garbage themselves: run node with --expose-gc')
  globalThis.gc()
}

function median(sorted: readonly number[]): number {
  const middle = sorted.length >> 1
  const upper = sorted[middle] as number
  return sorted.length % 2 === 1 ? upper : ((sorted[middle - 1] as number) + upper) / 2
}
