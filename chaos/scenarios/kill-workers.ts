import { sleep } from '../conductor/processes.js'
import type { Scenario } from './scenario.js'

/** `kill -9` of workers, again and again, whatever they are at; others are started in their place. */
export const killWorkers: Scenario = {
  name: 'kill-workers',
  about: 'kill -9 of a worker every second, and another in its place',
  workers: 4,
  controls: ['attempts-die-with-workers'],
  async act({ crew, random, people }) {
    const kills = Math.max(3, Math.min(20, Math.round(people / 80)))
    const replaced: Promise<void>[] = []
    const away = new Set<number>()
    while (crew.faults < kills) {
      await sleep(700 + 600 * random())
      // A successor that is not up yet has nothing to lose.
      const present = [...Array(crew.size).keys()].filter((worker) => !away.has(worker))
      const victim = present[Math.floor(random() * present.length)]
      if (victim === undefined) continue
      away.add(victim)
      replaced.push(crew.replace(victim).finally(() => away.delete(victim)))
    }
    await Promise.all(replaced)
  },
}
