import type { ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import type { Assignment } from '../worker/assignment.js'
import { firstMessage, kill, startProcess } from './processes.js'

/** The workers of a scenario. Those that are killed are started again, with the same port. */
export class Crew {
  readonly #assignments: readonly Assignment[]
  readonly #children: ChildProcess[] = []
  /** What was done to them. */
  faults = 0

  constructor(assignments: readonly Assignment[]) {
    this.#assignments = assignments
  }

  get size(): number {
    return this.#assignments.length
  }

  async start(workers: readonly number[] = [...this.#assignments.keys()]): Promise<void> {
    await Promise.all(workers.map((worker) => this.#start(worker)))
  }

  async #start(worker: number): Promise<void> {
    const child = startProcess('worker/main.ts', this.#assignments[worker])
    this.#children[worker] = child
    await firstMessage(child)
  }

  /** Kills a worker as the system kills, and starts another in its place. */
  async replace(worker: number): Promise<void> {
    this.faults++
    await kill(this.#child(worker))
    await this.#start(worker)
  }

  /** Has a worker stop when it has been granted starts and has not begun them. Resolves when it stands still. */
  async freeze(worker: number): Promise<void> {
    this.faults++
    const child = this.#child(worker)
    const told = once(child, 'message')
    child.send('freeze')
    await told
  }

  thaw(worker: number): void {
    this.#child(worker).kill('SIGCONT')
  }

  async end(): Promise<void> {
    await Promise.all(this.#children.filter(Boolean).map(kill))
  }

  #child(worker: number): ChildProcess {
    const child = this.#children[worker]
    if (!child) throw new Error(`worker ${worker} was not started`)
    return child
  }
}
