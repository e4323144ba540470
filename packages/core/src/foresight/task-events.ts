import type { Host } from '../engine/host.js'
import type { StoredEvent } from '../ports/storage-read.js'

/** What the log of a job says of one task. */
export interface TaskEvents {
  events: readonly StoredEvent[]
  /** False when some of the log is kept no longer, or was not read. */
  complete: boolean
}

const PAGE = 500
/** Logs up to so many entries are read whole; of longer ones the end, and what is around the moments asked about. */
const WHOLE = 20_000
const TAIL = 5_000
/** Entries read around a moment. */
const AROUND = 2_500
/** The log is written by the store's clock, calls are timed by others. */
const EARLIER = 5_000

/** Reads what a job's log says of one task. However long the log is, this is bounded by the number of `moments`. */
export async function taskEvents(
  host: Host,
  jobId: string,
  index: number,
  moments: readonly number[],
): Promise<TaskEvents> {
  const log = await Log.open(host, jobId)
  const found = new Map<number, StoredEvent>()
  const read = async (after: number, upTo: number): Promise<void> => {
    for (let at = after; at < upTo; ) {
      const events = await log.page(at, Math.min(PAGE, upTo - at))
      for (const event of events) if (isAbout(event, index)) found.set(event.seq, event)
      at = events.at(-1)?.seq ?? upTo
    }
  }
  const { oldest, last } = log
  const whole = last - oldest < WHOLE
  if (whole) await read(oldest - 1, last)
  else {
    for (const moment of moments) {
      const first = await log.firstFrom(moment - EARLIER)
      await read(first - 1, Math.min(last, first - 1 + AROUND))
    }
    await read(last - TAIL, last)
  }
  return { events: [...found.values()].sort((a, b) => a.seq - b.seq), complete: whole && oldest <= 1 }
}

function isAbout({ data }: StoredEvent, index: number): boolean {
  return 'index' in data && data.index === index
}

class Log {
  readonly #host: Host
  readonly #jobId: string
  oldest = 1
  last = 0

  private constructor(host: Host, jobId: string) {
    this.#host = host
    this.#jobId = jobId
  }

  static async open(host: Host, jobId: string): Promise<Log> {
    const log = new Log(host, jobId)
    const page = await host.storage.events(jobId, 0, 1)
    log.last = page.last
    if (page.status === 'trimmed') log.oldest = page.oldest
    return log
  }

  /** Entries after one; none when they have been trimmed meanwhile. */
  async page(after: number, max: number): Promise<StoredEvent[]> {
    const page = await this.#host.storage.events(this.#jobId, after, max)
    return page.status === 'ok' ? page.events : []
  }

  /** The first entry that was written at an instant or later. */
  async firstFrom(at: number): Promise<number> {
    let low = this.oldest
    let high = this.last
    while (low < high) {
      const middle = Math.floor((low + high) / 2)
      const [event] = await this.page(middle - 1, 1)
      if (event && event.at >= at) high = middle
      else low = middle + 1
    }
    return low
  }
}
