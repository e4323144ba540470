const LETTERS = 'abcdefghijklmnopqrstuvwxyz234567'
/** Letters of five bits each that one half of a random number gives. */
const HALF = 5

/**
 * A nonce made of a random number from 0 to 1: 50 of its bits, in ten letters. Written bit by bit because it is needed for
 * nearly every exchange, and `toString` with a radix takes longer than all else that an exchange costs by itself.
 */
export function nonceOf(random: number): string {
  const scaled = random * 2 ** 25
  const high = Math.floor(scaled)
  return letters(high) + letters(Math.floor((scaled - high) * 2 ** 25))
}

function letters(bits: number): string {
  let text = ''
  for (let i = 0; i < HALF; i++) text += LETTERS[(bits >>> (i * 5)) & 31]
  return text
}
