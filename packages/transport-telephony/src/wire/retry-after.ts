/** Nobody is told to wait longer than this, in milliseconds: a day. */
const LONGEST = 86_400_000

/**
 * How long a service asks to be left alone, in milliseconds: its `Retry-After`, in seconds or as a date, which is taken by the
 * service's own clock if it says what time it is. `undefined` when it does not say, or nothing that can be understood.
 */
export function retryAfter(
  headers: Readonly<Record<string, string>>,
  now: () => number = Date.now,
): number | undefined {
  const said = headers['retry-after']?.trim()
  if (said === undefined || said === '') return undefined
  if (/^\d+(\.\d+)?$/.test(said)) return Math.min(Math.ceil(Number(said) * 1000), LONGEST)
  // A date begins with its day: `Mon, 02 Mar 2026 10:00:00 GMT`.
  const until = /^[a-z]/i.test(said) ? Date.parse(said) : Number.NaN
  if (Number.isNaN(until)) return undefined
  return Math.min(Math.max(0, until - (serviceTime(headers) ?? now())), LONGEST)
}

/** The service's own time when it answered, in milliseconds since the epoch, from the header `Date`. */
export function serviceTime(headers: Readonly<Record<string, string>>): number | undefined {
  const time = Date.parse(headers.date ?? '')
  return Number.isNaN(time) ? undefined : time
}
