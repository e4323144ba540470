/**
 * The calling codes of the world by their first digits (ITU-T E.164): one digit for 1 and 7, two for those named here, three for
 * all others.
 */
const CODE = /^(?:1|7|2[07]|3[0-469]|4[013-9]|5[1-8]|6[0-6]|8[1246]|9[0-58]|\d{3})/

/** Under 1 the next three digits are the area code, and a part of one says nothing: 202 is Washington, 205 Alabama. */
const NANP_AREA = 4

/** How many digits of an E.164 number (without `+`) are its calling code. */
export function callingCodeLength(digits: string): number {
  return CODE.exec(digits)?.[0].length ?? digits.length
}

/** How many digits two numbers begin with alike. */
export function commonPrefix(a: string, b: string): number {
  let length = 0
  while (length < a.length && a[length] === b[length]) length++
  return length
}

/**
 * How many of a number's first digits it has to share with another to be a neighbour of it, the nearest first: all lengths from
 * `longest` down to its calling code, parts of a North American area code left out.
 */
export function nearness(digits: string, longest: number): number[] {
  const code = callingCodeLength(digits)
  const lengths: number[] = []
  for (let length = longest; length >= code; length--) {
    if (digits.startsWith('1') && length > 1 && length < NANP_AREA) continue
    lengths.push(length)
  }
  return lengths
}
