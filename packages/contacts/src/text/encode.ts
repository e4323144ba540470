/** A byte that occurs nowhere in UTF-8: stands for a character that is no character, so that one check finds all. */
const NOT_TEXT = 0xff

const LONE_SURROGATE = /\p{Surrogate}/u
const encoder = new TextEncoder()

/**
 * Text to UTF-8, piece by piece. A surrogate without its partner becomes a byte that is not UTF-8 (where `TextEncoder`
 * would quietly write U+FFFD), for the row that has it to be rejected.
 */
export class Utf8Encoder {
  /** The first half of a pair whose second half is in the next piece. */
  #half = ''

  encode(piece: string): Uint8Array {
    const text = this.#half + piece
    const last = text.charCodeAt(text.length - 1)
    const cut = last >= 0xd800 && last <= 0xdbff ? text.length - 1 : text.length
    this.#half = text.slice(cut)
    return encodeMarked(text.slice(0, cut))
  }

  end(): Uint8Array {
    const rest = this.#half
    this.#half = ''
    return encodeMarked(rest)
  }
}

function encodeMarked(text: string): Uint8Array {
  if (!LONE_SURROGATE.test(text)) return encoder.encode(text)
  const parts = text.split(LONE_SURROGATE).map((part) => encoder.encode(part))
  const bytes = new Uint8Array(parts.reduce((sum, part) => sum + part.length + 1, -1)).fill(NOT_TEXT)
  let at = 0
  for (const part of parts) {
    bytes.set(part, at)
    at += part.length + 1
  }
  return bytes
}
