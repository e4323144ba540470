import { show } from '../problems.js'
import { isE164 } from './e164.js'
import { planFor } from './numbering-plans.js'

/** What people put between the digits of a number. */
const FORMATTING = /[\s().\-/\u00a0\u2010-\u2015]/g

/** A number of North America written without its country: the most frequent mistake, worth an example. */
const NORTH_AMERICAN = /^[2-9]\d{2}[2-9]\d{6}$/

/** Says what keeps a text from being E.164 and, where that is clear, how to write it. */
export function notE164(text: string, meant: string | undefined): string {
  if (meant !== undefined)
    return `${show(text)} has a national prefix within the international number: write it as ${meant}`
  const bare = text.replace(FORMATTING, '')
  if (isE164(bare)) return `${show(text)} has spaces or other formatting: write it as ${bare}`
  if (bare.startsWith('00') && isE164(`+${bare.slice(2)}`))
    return `${show(text)} has no +: write it as +${bare.slice(2)}`
  if (!/^\d+$/.test(bare)) return `${show(text)} is not + and digits, such as +12025550100`
  const example = NORTH_AMERICAN.test(bare) ? ` (+1${bare} if it is North American)` : ''
  return `${show(text)} has no + and country code: write it with both${example}, or set a default region`
}

/** Says how many digits the number has, and how many it could have. */
export function impossibleLength(number: string): string {
  const plan = planFor(number.slice(1))
  if (plan === undefined) return `${show(number)} is not as long as a phone number`
  if (number.length > 16) return `${show(number)} has ${number.length - 1} digits; no phone number has more than 15`
  const digits = number.length - 1 - plan.callingCode.length
  const counts = `${digits} ${digits === 1 ? 'digit' : 'digits'} after +${plan.callingCode}`
  return `${show(number)} has ${counts}, where ${list(plan.possible)} are possible`
}

/** `10`, `7, 9 or 10`, `4 to 15`. */
function list(lengths: readonly number[]): string {
  const first = lengths[0] ?? 0
  const last = lengths.at(-1) ?? 0
  if (lengths.length > 3 && last - first === lengths.length - 1) return `${first} to ${last}`
  return lengths.length < 2 ? String(first) : `${lengths.slice(0, -1).join(', ')} or ${last}`
}
