import type { Attempt, CallHandle } from '@outdial/core'

/** An attempt that counts how often it was asked whether it may start. */
export interface Asked extends Attempt {
  readonly fencedAt: number
  /** How often `startable` was asked. */
  questions: number
}

/** A ref as the engine makes them. */
export function refOf(n: number): string {
  return `job_k1tT3st:${n * 37}:${(n % 3) + 1}:n0nc3${n}`
}

/** The n-th attempt, to a number that nobody has. */
export function attemptOf(n: number, fencedAt: number, part: Partial<Attempt>): Asked {
  const { startable = () => true, ...rest } = part
  const asked: Asked = {
    ref: refOf(n),
    attempt: (n % 3) + 1,
    organization: 'acme',
    jobId: 'job_k1tT3st',
    to: `+1${202 + Math.floor(n / 100)}55501${String(n % 100).padStart(2, '0')}`,
    from: '+12025550199',
    variables: {},
    ringTimeout: 20_000,
    maxDuration: 120_000,
    ...rest,
    fencedAt,
    questions: 0,
    startable: () => {
      asked.questions++
      return startable()
    },
  }
  return asked
}

/** How an attempt is named to `lookup` and `hangup`. */
export function handleOf({ ref, to, from, fencedAt }: Asked, callId?: string): CallHandle {
  return { ref, to, from, fencedAt, ...(callId !== undefined && { callId }) }
}
