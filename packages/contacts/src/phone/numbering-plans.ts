import { type CountryCode, getCountries, getCountryCallingCode, Metadata } from 'libphonenumber-js/min'

/**
 * What is certain about the numbers of one calling code, taken from libphonenumber-js. Several countries may share the
 * code: a length is certain when it is possible in all of them.
 */
export interface NumberingPlan {
  readonly callingCode: string
  /** Bit n: a national number of n digits is possible in every country of the code. */
  readonly certain: number
  /** National lengths possible in some country of the code, ascending. */
  readonly possible: readonly number[]
  /**
   * Matches numbers, with `+` and calling code, from which libphonenumber would take away a national prefix (the 0 of
   * +44 (0)20), or which it would change otherwise. `undefined`: none.
   */
  readonly altered: RegExp | undefined
}

/** No calling code has more digits. */
const LONGEST = 3

/** The plan of the calling code with which the digits begin, or `undefined` when no calling code does. */
export function planFor(digits: string): NumberingPlan | undefined {
  for (let length = 1; length <= LONGEST; length++) {
    const plan = planOf(digits.slice(0, length))
    if (plan !== undefined) return plan
  }
  return undefined
}

const ZERO = 0x30
/** Plans by the digits of their calling code behind a 1, so that `1` and `001` differ; `null`: no such code. */
const byDigits: (NumberingPlan | null | undefined)[] = []

/** The same for a number that is `+` and digits. Most of what is asked here is asked millions of times. */
export function planOfNumber(number: string): NumberingPlan | undefined {
  let index = 1
  for (let at = 1; at <= LONGEST && at < number.length; at++) {
    index = index * 10 + number.charCodeAt(at) - ZERO
    let plan = byDigits[index]
    if (plan === undefined) {
      plan = planOf(number.slice(1, at + 1)) ?? null
      byDigits[index] = plan
    }
    if (plan !== null) return plan
  }
  return undefined
}

const plans = new Map<string, NumberingPlan | undefined>()

function planOf(callingCode: string): NumberingPlan | undefined {
  // At most 1,110 keys: all strings of one to three digits.
  if (plans.has(callingCode)) return plans.get(callingCode)
  const plan = makePlan(callingCode)
  plans.set(callingCode, plan)
  return plan
}

function makePlan(callingCode: string): NumberingPlan | undefined {
  const main = selected(callingCode)
  if (main === undefined) return undefined
  const lengths = [main, ...countriesOf(callingCode).map((country) => selected(country)!)].map((p) =>
    p.possibleLengths(),
  )
  const possible = [...new Set(lengths.flat())].sort((a, b) => a - b)
  const certain = possible.filter((length) => lengths.every((ofOne) => ofOne.includes(length)))
  return {
    callingCode,
    certain: certain.reduce((bits, length) => bits | (1 << length), 0),
    possible,
    altered: altered(main, callingCode),
  }
}

/** What libphonenumber-js has at run time; its types leave the prefix out. */
interface SelectedPlan {
  possibleLengths(): number[]
  nationalPrefixForParsing?(): string | undefined
}

function selected(countryOrCode: string): SelectedPlan | undefined {
  const metadata = new Metadata()
  try {
    metadata.selectNumberingPlan(countryOrCode as CountryCode)
  } catch {
    return undefined
  }
  return metadata.numberingPlan
}

function altered(plan: SelectedPlan, callingCode: string): RegExp | undefined {
  // Were the method to go away, every number would be doubtful: slow, but not wrong.
  if (plan.nationalPrefixForParsing === undefined) return /^/
  const prefix = plan.nationalPrefixForParsing()
  return prefix ? new RegExp(`^\\+${callingCode}(?:${prefix})`) : undefined
}

let byCallingCode: Map<string, CountryCode[]> | undefined

function countriesOf(callingCode: string): readonly CountryCode[] {
  byCallingCode ??= grouped()
  return byCallingCode.get(callingCode) ?? []
}

function grouped(): Map<string, CountryCode[]> {
  const groups = new Map<string, CountryCode[]>()
  for (const country of getCountries()) {
    const code = getCountryCallingCode(country)
    groups.set(code, [...(groups.get(code) ?? []), country])
  }
  return groups
}
