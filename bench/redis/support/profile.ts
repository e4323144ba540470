import { Session } from 'node:inspector/promises'
import { digits } from '../../support/format.js'
import { type Measured, SENT } from './measured.js'
import { callsOf, microsOf } from './server-stats.js'

/** Rows of a profile that are told. */
const TOLD = 6

/** Where the server's time of a run went: by `commandstats`, in shares, since a busy machine stretches all alike. */
export function serverProfile(run: Measured): string {
  const { server, things, wall, cpu } = run
  const all = microsOf(server, SENT)
  const inside = Object.entries(server.commands)
    .filter(([name]) => !SENT.includes(name) && name !== 'info' && !name.startsWith('config'))
    .toSorted(([, a], [, b]) => b.micros - a.micros)
  const commands = inside.reduce((sum, [, { micros }]) => sum + micros, 0)
  const share = (micros: number) => `${Math.round((100 * micros) / all)} %`
  const told = inside
    .slice(0, TOLD)
    .map(([name, { calls, micros }]) => `${name} ${share(micros)} (${digits(calls / things)} a call)`)
  return (
    `scripts: Lua ${share(all - commands)}, ${told.join(', ')}; ${digits(things / callsOf(server, SENT))} calls a round ` +
    `trip; busy: Redis ${Math.round((100 * server.cpu) / wall)} %, this process ${Math.round((100 * cpu) / wall)} % of the time`
  )
}

/** Where this process's time goes while something runs: the functions with the most of it, without what they call. */
export async function nodeProfile(work: () => Promise<unknown>): Promise<string> {
  const session = new Session()
  session.connect()
  try {
    await session.post('Profiler.enable')
    await session.post('Profiler.start')
    await work()
    const { profile } = await session.post('Profiler.stop')
    const hits = new Map<string, number>()
    for (const { callFrame, hitCount = 0 } of profile.nodes) {
      const name = callFrame.functionName || '(anonymous)'
      if (name !== '(idle)') hits.set(name, (hits.get(name) ?? 0) + hitCount)
    }
    const all = [...hits.values()].reduce((sum, count) => sum + count, 0)
    const most = [...hits].toSorted(([, a], [, b]) => b - a).slice(0, TOLD)
    return most.map(([name, count]) => `${name} ${Math.round((100 * count) / all)} %`).join(', ')
  } finally {
    session.disconnect()
  }
}
