import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import { afterAll } from 'vitest'

const children = new Set<ChildProcess>()

// Nothing outlives the tests of a file.
afterAll(() => {
  for (const child of children) child.kill('SIGKILL')
})

/** A worker's process, and what it wrote when it has ended. */
export interface Worker {
  readonly child: ChildProcess
  readonly ended: Promise<{ code: number | null; output: string }>
}

/** How to start workers that run a program of ours: with what names their store, and what `runCampaign` is told. */
export function workersOf(program: URL) {
  const node = ['--conditions=@outdial/source', '--import', 'tsx', fileURLToPath(program)]
  return (store: string | number, carrierUrl: string, port: number, people: number): Worker => {
    const child = spawn(process.execPath, [...node, String(store), carrierUrl, String(port), String(people)], {
      stdio: ['ignore', 'pipe', 'inherit'],
    })
    children.add(child)
    let output = ''
    child.stdout.setEncoding('utf8').on('data', (text: string) => {
      output += text
    })
    const ended = once(child, 'close').then(([code]) => {
      children.delete(child)
      return { code: code as number | null, output }
    })
    return { child, ended }
  }
}

/** Resolves when a condition that something outside brings about has come true. */
export async function until(holds: () => boolean | Promise<boolean>): Promise<void> {
  while (!(await holds())) await new Promise((resolve) => setTimeout(resolve, 5))
}
