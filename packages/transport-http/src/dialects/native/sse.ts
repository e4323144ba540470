import type { Clock } from '@outdial/core'

/** What a client is told to wait before it connects again, in milliseconds. */
const RETRY = 2000
/** A comment after so long without an event: a connection that nobody reads any more is found out by writing to it. */
const HEARTBEAT = 15_000

/** One server-sent event. The data are on one line: JSON has none in it. */
export interface ServerEvent {
  id: string
  event: string
  data: unknown
}

/** Events as the text of an event stream, with comments while there are none. Ends with `events`, or when `signal` aborts. */
export async function* eventStream(
  events: AsyncIterable<ServerEvent>,
  clock: Clock,
  signal: AbortSignal,
): AsyncGenerator<string, void, undefined> {
  const source = events[Symbol.asyncIterator]()
  yield `retry: ${RETRY}\n\n`
  let next = source.next()
  try {
    while (!signal.aborted) {
      const came = await within(next, clock, HEARTBEAT, signal)
      if (came === 'late') {
        yield ': still here\n\n'
        continue
      }
      if (came === 'aborted' || came.done) return
      const { id, event, data } = came.value
      next = source.next()
      yield `id: ${id}\nevent: ${event}\ndata: ${JSON.stringify(data)}\n\n`
    }
  } finally {
    // It may be waiting for what never comes; whoever made it ends it by the same signal.
    next.catch(() => {})
    void source.return?.()
  }
}

async function within<T>(
  coming: Promise<T>,
  clock: Clock,
  ms: number,
  signal: AbortSignal,
): Promise<T | 'late' | 'aborted'> {
  const over = new AbortController()
  const any = AbortSignal.any([signal, over.signal])
  const other = pause(clock, ms, any).then(() => (signal.aborted ? ('aborted' as const) : ('late' as const)))
  try {
    return await Promise.race([coming, other])
  } finally {
    over.abort()
  }
}

/** Resolves after `ms`, or when the signal aborts. */
export function pause(clock: Clock, ms: number, signal: AbortSignal): Promise<void> {
  if (signal.aborted) return Promise.resolve()
  return new Promise((resolve) => {
    const done = () => {
      clock.clearTimeout(timer)
      signal.removeEventListener('abort', done)
      resolve()
    }
    const timer = clock.setTimeout(done, ms)
    signal.addEventListener('abort', done)
  })
}

/** Whether a client wants a stream of events rather than a page of them. */
export function wantsStream(headers: Headers): boolean {
  return /\btext\/event-stream\b/i.test(headers.get('accept') ?? '')
}
