import type { JobSnapshot } from '@outdial/core'
import * as z from 'zod'
import { wireOf } from '../../desk/wire-facts.js'
import { rulesShape } from './schema.js'

const facts = z.object({
  /** As it was sent; the engine's own is shorter. */
  name: z.string().optional(),
  trigger_timestamp: z.number().optional(),
  /** When the first one with this id was made, when others took its place since. */
  created: z.number().optional(),
  /** When a client changed it last. */
  updated: z.number().optional(),
  ...rulesShape,
})

/** What is kept with a batch call beside what the engine knows. */
export type BatchFacts = z.infer<typeof facts>

/** The facts of a batch call; `undefined` for a campaign that was made otherwise. */
export function factsOf(snapshot: JobSnapshot): BatchFacts | undefined {
  return wireOf(snapshot, 'zudu', facts)
}

export function createdAtOf(snapshot: JobSnapshot): number {
  return factsOf(snapshot)?.created ?? snapshot.createdAt
}

/** When it changed last, as far as that is known: by a client, or by beginning or ending. */
export function updatedAtOf(snapshot: JobSnapshot): number {
  const { createdAt, startedAt = 0, endedAt = 0 } = snapshot
  return Math.max(createdAt, startedAt, endedAt, factsOf(snapshot)?.updated ?? 0)
}

/** The time it is, or was, to begin. */
export function scheduledAtOf(snapshot: JobSnapshot): number | null {
  return snapshot.startAt ?? factsOf(snapshot)?.trigger_timestamp ?? null
}

export function nameOf(snapshot: JobSnapshot): string | null {
  const known = factsOf(snapshot)
  return known ? (known.name ?? null) : snapshot.name
}
