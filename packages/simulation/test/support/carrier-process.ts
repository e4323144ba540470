import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'

const MAIN = fileURLToPath(new URL('../../src/process-main.ts', import.meta.url))

/** A carrier's process, ended with its scope. */
export interface CarrierProcess extends AsyncDisposable {
  readonly url: string
  readonly child: ChildProcess
  /** Ends it by a signal and waits until it has; resolves to its exit code. */
  end(signal: NodeJS.Signals): Promise<number | null>
}

/** Starts the program as its users do, and waits for its line. */
export const carrierProcess = async (...options: string[]): Promise<CarrierProcess> => {
  const node = ['--conditions=@outdial/source', '--import', 'tsx', MAIN, '--with-stdin', '--port', '0']
  const child = spawn(process.execPath, [...node, ...options], { stdio: ['pipe', 'pipe', 'inherit'] })
  const exited = once(child, 'exit') as Promise<[number | null]>
  const first = once(createInterface(child.stdout), 'line') as Promise<[string]>
  const [line] = await Promise.race([
    first,
    exited.then(([code]) => Promise.reject(new Error(`the carrier's process ended with ${code} before it listened`))),
  ])
  const { url } = JSON.parse(line) as { url: string }
  const end = async (signal: NodeJS.Signals) => {
    child.kill(signal)
    return (await exited)[0]
  }
  return { url, child, end, [Symbol.asyncDispose]: async () => void (await end('SIGKILL')) }
}
