/** What a worker is told. */
export interface Assignment {
  redis: number
  carrierUrl: string
  /** Where it takes webhooks. */
  port: number
  /** Where the carrier sends those of the calls that it places. */
  callbackPort: number
  /** Calls at once. */
  concurrency: number
  /** Of BullMQ: how often a job is run again whose worker is taken for dead. */
  maxStalledCount?: number
}

/** Rings and talks for at most so long, milliseconds. */
export const LIMITS = { ringTimeout: 1000, maxDuration: 2000 } as const
export const FROM = '+12025550100'
export const QUEUE = 'calls'
