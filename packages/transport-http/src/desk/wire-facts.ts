import type { JobSnapshot } from '@outdial/core'
import type * as z from 'zod'

/*
 * What a dialect's clients gave and the engine has no word for is kept in the job's metadata, beside the host's own: under
 * names that begin with `$`, which no client may use.
 */

/** Facts that a transport keeps with a job. */
export interface WireFacts {
  /** The dialect it was made through. */
  $dialect?: string
  /** That dialect's fields, as its schema has them. */
  $wire?: unknown
  /** The first job's id, when this one took its place; see `Desk.replaceCalls`. */
  $id?: string
  /** The job that took this one's place. */
  $replacedBy?: string
}

export function factsOf(snapshot: JobSnapshot): WireFacts {
  return (snapshot.metadata ?? {}) as WireFacts
}

/** Ours without the host's. */
export function transportMetadata(metadata: Readonly<Record<string, unknown>> = {}): Record<string, unknown> {
  return Object.fromEntries(Object.entries(metadata).filter(([name]) => name.startsWith('$')))
}

/** The host's metadata without ours. */
export function ownMetadata(metadata: Readonly<Record<string, unknown>> = {}): Record<string, unknown> {
  return Object.fromEntries(Object.entries(metadata).filter(([name]) => !name.startsWith('$')))
}

/**
 * A dialect's fields of a job, or `undefined` when it was made otherwise: every dialect shows jobs of every origin, so it
 * needs a default for each of its fields.
 */
export function wireOf<T>(snapshot: JobSnapshot, dialect: string, schema: z.ZodType<T>): T | undefined {
  const { $dialect, $wire } = factsOf(snapshot)
  if ($dialect !== dialect) return undefined
  const read = schema.safeParse($wire)
  return read.success ? read.data : undefined
}

/**
 * A job's metadata with other fields of its dialect, for a change of the job. Only a job's own dialect may ask: others know
 * nothing of its fields.
 */
export function withWire(snapshot: JobSnapshot, wire: unknown): Record<string, unknown> {
  return { ...snapshot.metadata, $wire: wire }
}
