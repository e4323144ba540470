import { type ChildProcess, fork } from 'node:child_process'
import { once } from 'node:events'

/** Starts this benchmark's bundle again in another role. Resolves with its first message, which says that it is ready. */
export async function startRole<Ready = string>(
  role: string,
  args: unknown,
): Promise<{ child: ChildProcess; ready: Ready }> {
  const child = fork(process.argv[1] as string, [role, JSON.stringify(args)], { execArgv: [] })
  const over = new AbortController()
  const ended = once(child, 'exit', { signal: over.signal }).then(([code]) => {
    throw new Error(`${role} ended before it was ready, with code ${code}`)
  })
  try {
    const [ready] = (await Promise.race([once(child, 'message', { signal: over.signal }), ended])) as [Ready]
    return { child, ready }
  } finally {
    ended.catch(() => {})
    over.abort()
  }
}

/** Kills a process without giving it any time, and waits until it is gone. */
export async function kill(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return
  const gone = once(child, 'exit')
  child.kill('SIGKILL')
  await gone
}
