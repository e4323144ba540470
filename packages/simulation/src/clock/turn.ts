// The real ones, also in tests that replace global timers later.
const { setImmediate } = globalThis
const nextTick = globalThis.process?.nextTick
// Cheaper than `queueMicrotask`, which in Node keeps track of who asked.
const resolved = Promise.resolve()

/**
 * Calls `run` once everything that can run now has run: promise chains of any length, and one round of the event loop.
 *
 * Where there is `setImmediate` (Node, Deno, Bun) it is asked for after the promise chains have come to their ends (which is
 * when a tick set by a promise comes), so that it is behind everything that they set. Elsewhere it is a message,
 * because browsers slow nested `setTimeout(0)` down to 4 ms.
 */
export const nextTurn: (run: () => void) => void =
  typeof setImmediate !== 'function'
    ? byMessage()
    : typeof nextTick === 'function'
      ? (run) => void resolved.then(() => nextTick(setImmediate, run))
      : (run) => void setImmediate(run)

/** {@link nextTurn} as a promise. */
export function settle(): Promise<void> {
  return new Promise((resolve) => nextTurn(resolve))
}

/** What is used of a message port; Node's and the browser's declarations differ. */
interface Port {
  onmessage: (() => void) | null
  postMessage(message: null): void
}

/** One channel for all: opened by the first use and only listened to while somebody waits, so that it keeps no process alive. */
export function byMessage(): (run: () => void) => void {
  const waiting: (() => void)[] = []
  let channel: { port1: Port; port2: Port } | undefined
  const arrived = (): void => {
    const run = waiting.shift()
    // Without a handler Node lets the process end; the next caller sets it again.
    if (waiting.length === 0 && channel !== undefined) channel.port1.onmessage = null
    run?.()
  }
  return (run) => {
    waiting.push(run)
    channel ??= new MessageChannel() as unknown as { port1: Port; port2: Port }
    channel.port1.onmessage = arrived
    channel.port2.postMessage(null)
  }
}
