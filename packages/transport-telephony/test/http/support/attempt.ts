import type { Attempt } from '@outdial/core'

let made = 0

/** An attempt that is like no other. */
export function attempt(changes: Partial<Attempt> = {}): Attempt {
  return {
    ref: `job_1:${made++}:1:x`,
    attempt: 1,
    organization: 'acme',
    jobId: 'job_1',
    to: '+12025550123',
    from: '+12025550100',
    variables: { name: 'Gizmo' },
    ringTimeout: 25_000,
    maxDuration: 300_000,
    startable: () => true,
    ...changes,
  }
}
