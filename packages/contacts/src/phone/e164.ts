import parsePhoneNumber from 'libphonenumber-js/min'
import { planOfNumber } from './numbering-plans.js'

/** What a text is that should be an E.164 number. */
export type E164Verdict =
  | { kind: 'valid' }
  /** Not `+` and digits only, or not as the number is written internationally: then with the number that it should be. */
  | { kind: 'not_e164'; meant?: string }
  | { kind: 'unknown_country' }
  | { kind: 'impossible_length' }

const PLUS = 0x2b
const ZERO = 0x30
const NINE = 0x39

/** E.164 allows 15 digits, country code included. */
const MAX_DIGITS = 15

const VALID: E164Verdict = { kind: 'valid' }

/**
 * Whether a text is a number in E.164 exactly as it should be written: `+`, digits only, a known calling code, a length
 * that is possible in its country, and no national prefix left in it.
 *
 * The verdict is that of libphonenumber-js, which is asked only where a table made from its metadata leaves a doubt: a
 * hundredth of the time.
 */
export function judgeE164(text: string): E164Verdict {
  if (!isPlusAndDigits(text)) return { kind: 'not_e164' }
  const plan = planOfNumber(text)
  if (plan === undefined) return { kind: 'unknown_country' }
  if (text.length - 1 > MAX_DIGITS) return { kind: 'impossible_length' }
  const digits = text.length - 1 - plan.callingCode.length
  const certain = (plan.certain >> digits) & 1
  if (certain === 1 && !plan.altered?.test(text)) return VALID
  return judgeSlowly(text)
}

/** Whether a text is a valid E.164 number. */
export function isE164(text: string): boolean {
  return judgeE164(text).kind === 'valid'
}

function judgeSlowly(text: string): E164Verdict {
  const parsed = parsePhoneNumber(text)
  if (parsed === undefined || !parsed.isPossible()) return { kind: 'impossible_length' }
  return parsed.number === text ? VALID : { kind: 'not_e164', meant: parsed.number }
}

function isPlusAndDigits(text: string): boolean {
  if (text.charCodeAt(0) !== PLUS || text.length < 2) return false
  for (let at = 1; at < text.length; at++) {
    const code = text.charCodeAt(at)
    if (code < ZERO || code > NINE) return false
  }
  return true
}
