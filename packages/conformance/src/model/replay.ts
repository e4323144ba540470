import type { JobRecord, StoredEvent, StoredEventData, TaskRecord } from '@outdial/core'
import { must } from './admission.js'

type Place = 'waiting' | 'claimed' | 'active' | 'unknown' | 'closed' | 'ended'

/** A job as its event log tells it, and nothing else: guarantee G9 says that this is the whole story. */
export class Replay {
  last = 0
  readonly #places: Place[] = []
  readonly #ends: (string | undefined)[] = []
  readonly #attempts: number[] = []
  #state = ''
  #at = 0
  #revision = 0

  read(events: readonly StoredEvent[]): void {
    for (const { seq, at, data } of events) {
      must(seq === this.last + 1, `G9: event ${seq} after ${this.last}`)
      must(at >= this.#at, 'G9: time went back')
      this.last = seq
      this.#at = at
      this.#apply(data)
    }
    must(!this.#places.includes('closed'), 'G9: an attempt closed, and nothing says what became of its task')
  }

  /** Compares the story with what the store says now. */
  check(job: JobRecord, tasks: readonly TaskRecord[]): void {
    must(this.last === job.lastEvent, `G9: the last event is ${this.last}, and ${job.lastEvent} is said to be`)
    must(this.#state === job.phase.state, `G9: ${this.#state} by the log, ${job.phase.state} by the job`)
    must(this.#revision <= job.revision, `G9: revision ${this.#revision} by the log, ${job.revision} by the job`)
    must(this.#places.length === job.counts.total, 'G9: tasks without an event')
    for (const { index, place, reason, attempts } of tasks) {
      const told = this.#places[index] as Place
      const is =
        place === 'fresh' || place === 'deferred' ? 'waiting' : reason === undefined ? place : `${place}/${reason}`
      must(
        (told === 'ended' ? this.#ends[index] : told) === is,
        `G9: task ${index} is ${told} by the log, ${is} by the store`,
      )
      must((this.#attempts[index] ?? 0) === attempts, `G9: attempts of task ${index}`)
    }
  }

  #apply(data: StoredEventData): void {
    if ('ref' in data && data.type !== 'note') this.#attempts[data.index] = Number(data.ref.split(':')[2])
    switch (data.type) {
      case 'job':
        this.#state = data.state
        this.#revision = data.revision
        break
      case 'changed':
        this.#revision = data.revision
        break
      case 'added':
        must(data.first === this.#places.length, 'G9: tasks were added somewhere else')
        for (let i = 0; i < data.count; i++) this.#places.push('waiting')
        break
      case 'claimed':
        for (const index of data.indexes) this.#move(index, ['waiting'], 'claimed')
        break
      case 'returned':
        this.#move(data.index, ['claimed'], 'waiting')
        break
      case 'refused':
        this.#move(data.index, ['claimed'], 'claimed')
        break
      case 'fenced':
        this.#move(data.index, ['claimed'], 'active')
        break
      case 'progress':
        // A call that was found for a task that waits, or is claimed, makes it unknown.
        if (data.state !== 'unknown') this.#move(data.index, ['active', 'unknown'], 'active')
        else this.#move(data.index, ['active', 'unknown', 'waiting', 'claimed'], 'unknown')
        break
      case 'closed':
        this.#move(data.index, ['active', 'unknown'], data.waitUntil === undefined ? 'closed' : 'waiting')
        break
      case 'ended':
        this.#ends[data.index] = `${data.terminal}/${data.reason}`
        this.#move(data.index, ['waiting', 'claimed', 'closed'], 'ended')
        break
      case 'swept':
        this.#sweep(data.count, `${data.terminal}/${data.reason}`)
        break
      case 'note':
        must(this.#places[data.index] !== undefined, 'G9: a note about nobody')
    }
  }

  #sweep(said: number, end: string): void {
    let count = 0
    for (const [index, place] of this.#places.entries()) {
      if (place !== 'waiting') continue
      this.#places[index] = 'ended'
      this.#ends[index] = end
      count++
    }
    must(count === said, `G9: ${said} tasks swept, ${count} were waiting`)
  }

  #move(index: number, from: readonly Place[], to: Place): void {
    const place = this.#places[index]
    must(place !== undefined && from.includes(place), `G9: task ${index} is ${place} and becomes ${to}`)
    this.#places[index] = to
  }
}
