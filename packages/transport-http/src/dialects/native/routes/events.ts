import { type Clock, isJobOver, type JobHandle, type JobLogEntry } from '@outdial/core'
import * as z from 'zod'
import { empty, json } from '../../../frame/answers.js'
import { invalid } from '../../../frame/parse.js'
import { type Route, route } from '../../../frame/route.js'
import { eventView } from '../event-view.js'
import { jobView } from '../job-view.js'
import type { Kind } from '../kind.js'
import { events } from '../schema/answers.js'
import { jobPath } from '../schema/common.js'
import { eventStream, pause, type ServerEvent, wantsStream } from '../sse.js'

/** Progress is told at most so often, in milliseconds. */
const PACE = 1000

const eventsQuery = z.strictObject({
  after: z.coerce.number().pipe(z.int().min(0)).default(0).describe('Number of the last event that is known'),
  limit: z.coerce.number().pipe(z.int().min(1).max(1000)).default(200),
})

/** What happens to a job, as it happens. */
export function eventRoutes(kind: Kind): readonly Route[] {
  const { group, one } = kind
  return [
    route({
      method: 'GET',
      path: `${kind.jobs}/:id/events`,
      scopes: kind.read,
      summary: `The event log of a ${one}: a page, or with Accept: text/event-stream all of it, as it is written`,
      params: jobPath,
      query: eventsQuery,
      document: { group, status: 200, answer: events, headers: ['Last-Event-ID'] },
      async handle({ desk, params, query, headers, clock, openStream }) {
        const { id, job } = await kind.find(desk, params.id)
        if (!wantsStream(headers)) return json(200, await page(id, job, query))
        const after = lastSeen(headers) ?? query.after
        if (await isComplete(job, after)) return empty()
        return openStream((signal) => eventStream(entries(id, job, after, signal), clock, signal))
      },
    }),
    route({
      method: 'GET',
      path: `${kind.jobs}/:id/progress`,
      scopes: kind.read,
      summary: `A ${one} as server-sent events: whenever it is different, at most once a second`,
      params: jobPath,
      document: { group, status: 200, answer: ['text/event-stream'], headers: ['Last-Event-ID'] },
      async handle({ desk, params, headers, clock, openStream }) {
        const { id, job, snapshot } = await kind.find(desk, params.id)
        const seen = headers.get('last-event-id') ?? undefined
        if (isJobOver(snapshot.state) && stampOf(snapshot) === seen) return empty()
        return openStream((signal) => eventStream(progress(id, job, seen, clock, signal), clock, signal))
      },
    }),
  ]
}

type Snapshot = Awaited<ReturnType<JobHandle['snapshot']>>

/** Entries after one, and the number of the last of them. */
async function page(id: string, job: JobHandle, { after, limit }: { after: number; limit: number }) {
  const items: Record<string, unknown>[] = []
  let last = after
  for await (const entry of job.log({ after })) {
    items.push(eventView(id, entry))
    last = entry.seq
    if (items.length === limit) break
  }
  return { items, last }
}

/** Whether nothing has come after an event, and nothing can. A client that is answered 204 does not connect again. */
async function isComplete(job: JobHandle, after: number): Promise<boolean> {
  if (!isJobOver((await job.snapshot()).state)) return false
  for await (const _ of job.log({ after })) return false
  return true
}

async function* entries(id: string, job: JobHandle, after: number, signal: AbortSignal): AsyncGenerator<ServerEvent> {
  for await (const entry of job.log({ after, follow: true, signal }))
    yield { id: String(entry.seq), event: nameOf(entry), data: eventView(id, entry) }
}

/** `message` and `error` are names that browsers have given a meaning. */
function nameOf({ type }: JobLogEntry): string {
  return `job.${type}`
}

async function* progress(
  id: string,
  job: JobHandle,
  seen: string | undefined,
  clock: Clock,
  signal: AbortSignal,
): AsyncGenerator<ServerEvent> {
  let told = seen
  while (!signal.aborted) {
    const snapshot = await job.snapshot()
    const stamp = stampOf(snapshot)
    if (stamp !== told) yield { id: stamp, event: 'progress', data: jobView(id, snapshot) }
    told = stamp
    if (isJobOver(snapshot.state)) return
    await pause(clock, PACE, signal)
  }
}

/** Tells two states of a job apart: everything that goes up, and what is going on. */
function stampOf({ revision, tasks, calls, waitingFor }: Snapshot): string {
  const { total, open, waiting } = tasks
  return [
    revision,
    total,
    open,
    waiting,
    calls.begun,
    calls.live,
    waitingFor?.reason ?? '',
    waitingFor?.until ?? '',
  ].join('.')
}

function lastSeen(headers: Headers): number | undefined {
  const given = headers.get('last-event-id')?.trim()
  if (!given) return undefined
  if (!/^\d{1,15}$/.test(given))
    throw invalid('headers', ['Last-Event-ID'], 'expected the id of an event of this stream')
  return Number(given)
}
