import type { StoredEvent } from 'outdial'
import type { Complain, Evidence, JobEvidence } from './evidence.js'

const PLACES = ['claimed', 'active', 'unknown', 'succeeded', 'failed', 'skipped', 'canceled', 'expired'] as const

/** The log of a job has no gap, and replayed from its first entry it gives the counters of now. */
export function checkEvents({ jobs }: Evidence, complain: Complain): void {
  for (const job of jobs) checkJob(job, complain)
}

function checkJob({ record: { id, counts, phase }, events }: JobEvidence, complain: Complain): void {
  for (const [i, { seq, at }] of events.entries()) {
    if (seq !== i + 1) return complain('events', `${id}: event ${i + 1} has number ${seq}`)
    if (at < (events[i - 1]?.at ?? 0)) complain('events', `${id}: event ${seq} is older than the one before`)
  }
  const { places, state } = replay(events)
  const replayed = new Map<string, number>()
  for (const place of places) replayed.set(place, (replayed.get(place) ?? 0) + 1)
  const now: Record<string, number> = { waiting: counts.fresh + counts.deferred }
  for (const place of PLACES) now[place] = counts[place]
  for (const [place, count] of Object.entries(now)) {
    const told = replayed.get(place) ?? 0
    if (told !== count) complain('events', `${id}: replayed ${told} ${place}, counted ${count}`)
  }
  if (state !== phase.state) complain('events', `${id}: replayed ${state}, is ${phase.state}`)
}

function replay(events: readonly StoredEvent[]): { places: string[]; state: string } {
  const places: string[] = []
  let state = ''
  for (const { data } of events) {
    switch (data.type) {
      case 'job':
        state = data.state
        break
      case 'added':
        for (let i = 0; i < data.count; i++) places[data.first + i] = 'waiting'
        break
      case 'claimed':
        for (const index of data.indexes) places[index] = 'claimed'
        break
      case 'returned':
      case 'closed':
        places[data.index] = 'waiting'
        break
      case 'fenced':
        places[data.index] = 'active'
        break
      case 'progress':
        places[data.index] = data.state === 'unknown' ? 'unknown' : 'active'
        break
      case 'ended':
        places[data.index] = data.terminal
        break
      case 'swept':
        for (const [i, place] of places.entries()) if (place === 'waiting') places[i] = data.terminal
        break
      default:
        break
    }
  }
  return { places, state }
}
