/** What a ref says: `job:index:attempt:nonce`. */
export interface RefParts {
  jobId: string
  index: number
  attempt: number
  nonce: string
}

/** Writes a ref. Job ids and nonces have no colon. */
export function formatRef(jobId: string, index: number, attempt: number, nonce: string): string {
  return `${jobId}:${index}:${attempt}:${nonce}`
}

/** A number as it is written by {@link formatRef}: a ref with leading zeros is not one of ours. */
const NUMBER = /^(?:0|[1-9]\d{0,8})$/

/** Reads a ref; `undefined` for anything else, so that what a webhook carries can be tried. */
export function parseRef(ref: string): RefParts | undefined {
  const parts = ref.split(':')
  if (parts.length !== 4) return undefined
  const [jobId, index, attempt, nonce] = parts as [string, string, string, string]
  if (jobId === '' || nonce === '' || !NUMBER.test(index) || !NUMBER.test(attempt)) return undefined
  return { jobId, index: Number(index), attempt: Number(attempt), nonce }
}
