import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'

const TSX = import.meta.resolve('tsx')

/** Starts a file of this package as a process of its own, told so much as JSON, and connected for messages. */
export function startProcess(file: string, told: unknown): ChildProcess {
  const path = fileURLToPath(new URL(`../${file}`, import.meta.url))
  return spawn(process.execPath, ['--conditions=@outdial/source', '--import', TSX, path, JSON.stringify(told)], {
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
  })
}

/** The first message of a process; rejects when it ends before. */
export async function firstMessage(child: ChildProcess): Promise<string> {
  const ended = new AbortController()
  const exit = once(child, 'exit', { signal: ended.signal }).then(([code]) => {
    throw new Error(`a process ended before it was ready, with code ${code}`)
  })
  try {
    const [message] = (await Promise.race([once(child, 'message', { signal: ended.signal }), exit])) as [string]
    return message
  } finally {
    exit.catch(() => {})
    ended.abort()
  }
}

/** Kills a process without giving it any time, also a stopped one, and waits until it is gone. */
export async function kill(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return
  const gone = once(child, 'exit')
  child.kill('SIGKILL')
  await gone
}

export const sleep = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms))
