import type { ChildProcess } from 'node:child_process'
import type { Random } from 'outdial'
import { kill, startRole } from '../support/start-role.js'
import type { Assignment } from './assignment.js'

/** The workers of a run. Those that are killed are started again. */
export class Crew {
  readonly #role: string
  readonly #assignments: readonly Assignment[]
  readonly #children: ChildProcess[] = []

  constructor(role: string, assignments: readonly Assignment[]) {
    this.#role = role
    this.#assignments = assignments
  }

  async start(): Promise<void> {
    await Promise.all(this.#assignments.map((_, worker) => this.#start(worker)))
  }

  /** `kill -9` of a worker about every second, whatever it is at, and another in its place. */
  async killSome(kills: number, random: Random): Promise<void> {
    const replaced: Promise<void>[] = []
    const away = new Set<number>()
    for (let n = 0; n < kills; n++) {
      await new Promise((resolve) => setTimeout(resolve, 700 + 600 * random.next()))
      // A successor that is not up yet has nothing to lose.
      const present = [...this.#assignments.keys()].filter((worker) => !away.has(worker))
      const victim = present[Math.floor(random.next() * present.length)]
      if (victim === undefined) continue
      away.add(victim)
      replaced.push(this.#replace(victim).finally(() => away.delete(victim)))
    }
    await Promise.all(replaced)
  }

  async end(): Promise<void> {
    await Promise.all(this.#children.filter(Boolean).map(kill))
  }

  async #start(worker: number): Promise<void> {
    const { child } = await startRole(this.#role, this.#assignments[worker])
    this.#children[worker] = child
  }

  async #replace(worker: number): Promise<void> {
    await kill(this.#children[worker] as ChildProcess)
    await this.#start(worker)
  }
}
