import type { LaneUpdate } from './storage-jobs.js'

/** Tasks of one lane to add to an open batch. `seq` counts the batch's chunks from 0: a repeated one is answered again. */
export interface Chunk {
  seq: number
  lane: LaneUpdate
  tasks: readonly StagedTask[]
}

export interface StagedTask {
  /** Dedup key, 1 to 18 decimal digits of which the first is not 0 (an E.164 number without `+`), if the job dedupes. */
  key?: string
  payload: string
  /** Not to be claimed before. */
  notBefore?: number
}

/** What a chunk became. Tasks get consecutive indexes from `first`, duplicates left out. */
export interface Staged {
  first: number
  accepted: number
  /** Positions in the chunk that were not added, and the index of the task that has their key. */
  duplicates: readonly { position: number; of: number }[]
}

export type BatchOpened =
  | { status: 'open' }
  | { status: 'sealed'; batch: string; first: number; count: number; memo: string }

export interface Sealed {
  first: number
  count: number
  revision: number
}
