const LETTERS = '0123456789abcdefghjkmnpqrstvwxyz'

/** All pairs of letters: ten bits each. Made once, since writing numbers digit by digit is slow. */
const PAIRS: readonly string[] = Array.from(
  { length: 1_024 },
  (_, index) => LETTERS.charAt(index >> 5) + LETTERS.charAt(index & 31),
)

/** Six lower-case letters and digits for the upper 30 bits of a 32-bit number. */
export function sixLetters(word: number): string {
  return `${PAIRS[word >>> 22]}${PAIRS[(word >>> 12) & 1_023]}${PAIRS[(word >>> 2) & 1_023]}`
}
