/*
 * Services have ids of their own form: UUIDs, 32 hexadecimal digits. A job has one id in the engine, `job_` and up to 23
 * lower-case letters and digits, and is seen through several dialects, so the other forms are that id written otherwise:
 * both directions are arithmetic, and nothing has to be looked up or kept.
 *
 * The letters are a number of base 36 behind a leading 1, which has less than 122 bits: what a UUID has beside version and
 * variant. A multiplication by an odd constant spreads it over all of them; it takes as much guessing as before.
 */

const BITS = 122n
const MASK = (1n << BITS) - 1n
const SPREAD = 0x2545f4914f6cdd1d9e3779b97f4a7c15n & MASK
const GATHER = inverse(SPREAD)
const LOW = (1n << 62n) - 1n
const LONGEST = 23

/** The id of a job as a UUID. Throws for an id of the host's own `IdSource` that is longer than 23 letters and digits. */
export function uuidOf(jobId: string): string {
  const spread = (numberOf(jobId) * SPREAD) & MASK
  // 60 bits, version 4 in the middle of them, then the variant and 62 bits.
  const high = (spread >> 62n).toString(16).padStart(15, '0')
  const low = ((0b10n << 62n) | (spread & LOW)).toString(16)
  return `${high.slice(0, 8)}-${high.slice(8, 12)}-4${high.slice(12)}-${low.slice(0, 4)}-${low.slice(4)}`
}

/** The same in 32 hexadecimal digits. */
export function hexOf(jobId: string): string {
  return uuidOf(jobId).replaceAll('-', '')
}

/** The job's id that a UUID stands for; `undefined` when it stands for none. Upper case is the same. */
export function jobOfUuid(uuid: string): string | undefined {
  const match = /^([0-9a-f]{8})-([0-9a-f]{4})-4([0-9a-f]{3})-([89ab][0-9a-f]{3})-([0-9a-f]{12})$/.exec(
    uuid.toLowerCase(),
  )
  if (!match) return undefined
  const [, a, b, c, d, e] = match
  const spread = (BigInt(`0x${a}${b}${c}`) << 62n) | (BigInt(`0x${d}${e}`) & LOW)
  const text = ((spread * GATHER) & MASK).toString(36)
  return text.length > 1 && text.length <= LONGEST + 1 && text.startsWith('1') ? `job_${text.slice(1)}` : undefined
}

/** The job's id that 32 hexadecimal digits stand for. */
export function jobOfHex(hex: string): string | undefined {
  const match = /^(.{8})(.{4})(.{4})(.{4})(.{12})$/.exec(hex)
  return match ? jobOfUuid(match.slice(1).join('-')) : undefined
}

function numberOf(jobId: string): bigint {
  const match = /^job_([0-9a-z]{1,23})$/.exec(jobId)
  if (!match)
    throw new Error(`The id ${jobId} has no UUID: give the engine an IdSource of at most 23 letters and digits`)
  let number = 1n
  for (const digit of match[1] as string) number = number * 36n + BigInt(Number.parseInt(digit, 36))
  return number
}

/** The number that undoes a multiplication by an odd one: Newton's steps, each doubling the bits that are right. */
function inverse(odd: bigint): bigint {
  let result = odd
  for (let bits = 3; bits < 122; bits *= 2) result = (result * (2n - odd * result)) & MASK
  return result & MASK
}
