/** Benchmarks by the names of their files, with the names of their results where those are others. */
const BENCHMARKS: Readonly<Record<string, readonly string[]>> = {
  'call-life': [],
  'waiting-heap': [],
  'simulated-day': [],
  contacts: [],
  suppression: ['suppressionLoad', 'suppressionCheck'],
  'memory-control': [],
  'http/create': ['httpCreate'],
  'redis/claim-ack': ['claimAck'],
  'redis/call-life': ['callLife', 'callLifeGuarded', 'redisCpu', 'nodeCpu', 'roundTrips', 'scriptP99'],
  'redis/load': ['load'],
  'redis/bytes': ['bytesWaiting', 'bytesFinished'],
  'redis/blocked': ['blocked'],
  'redis/control': ['control'],
  'redis/burst': ['burst'],
  'redis/fairness': ['fairness'],
  'redis/latency': ['latency'],
  'kill/kill': ['kill'],
}
/** All that need a server, under one name. */
const ON_REDIS = 'redis'

/** Everything that can be asked for. */
export function names(): string[] {
  return [ON_REDIS, ...Object.entries(BENCHMARKS).flat(2)]
}

/** Results that a benchmark has. */
export function resultsOf(benchmark: string): readonly string[] {
  const keys = BENCHMARKS[benchmark] ?? []
  return keys.length > 0 ? keys : [benchmark]
}

/** Which benchmarks are asked for: all, unless some are named, or results of them. */
export function chosen(asked: readonly string[]): { unknown: string[]; asked: string[] } {
  const known = names()
  const wanted = (benchmark: string) =>
    asked.length === 0 ||
    [benchmark, ...resultsOf(benchmark)].some((name) => asked.includes(name)) ||
    (benchmark.startsWith(`${ON_REDIS}/`) && asked.includes(ON_REDIS))
  return { unknown: asked.filter((name) => !known.includes(name)), asked: Object.keys(BENCHMARKS).filter(wanted) }
}
