import { optionError } from '../problems.js'
import { joined } from './bytes.js'
import { Utf8Encoder } from './encode.js'

/** Turns the bytes of a file into UTF-8, piece by piece. */
export interface Transcoder {
  decode(bytes: Uint8Array): Uint8Array
  end(): Uint8Array
}

const NONE: Uint8Array = new Uint8Array(0)

/** The encoding that a byte order mark names, which is stronger than what the caller says. */
export function encodingOfMark(head: Uint8Array): string | undefined {
  const [a, b, c] = head
  if (a === 0xef && b === 0xbb && c === 0xbf) return 'utf-8'
  if (a === 0xff && b === 0xfe) return 'utf-16le'
  if (a === 0xfe && b === 0xff) return 'utf-16be'
  return undefined
}

/** UTF-16 without a mark, by the NULs that it puts into every other byte of plain letters; otherwise UTF-8. */
export function guessEncoding(head: Uint8Array): string {
  const [a = 0, b = 0, c = 0, d = 0] = head
  if (head.length >= 4 && a !== 0 && b === 0 && c !== 0 && d === 0) return 'utf-16le'
  if (head.length >= 4 && a === 0 && b !== 0 && c === 0 && d !== 0) return 'utf-16be'
  return 'utf-8'
}

/** A transcoder for a label of the WHATWG Encoding Standard. Throws `invalid_options` for a label it does not know. */
export function transcoder(label: string): Transcoder {
  const name = canonical(label)
  if (name === 'utf-8') return { decode: (bytes) => bytes, end: () => NONE }
  if (name === 'utf-16le' || name === 'utf-16be') return utf16(name === 'utf-16le')
  const decoder = new TextDecoder(name)
  const encoder = new TextEncoder()
  return {
    decode: (bytes) => encoder.encode(decoder.decode(bytes, { stream: true })),
    end: () => encoder.encode(decoder.decode()),
  }
}

function canonical(label: string): string {
  try {
    return new TextDecoder(label).encoding
  } catch {
    throw optionError('encoding', `This runtime cannot read the encoding ${JSON.stringify(label)}`)
  }
}

/** By hand, because `TextDecoder` cannot say which characters were not text without giving up at the first. */
function utf16(littleEndian: boolean): Transcoder {
  const encoder = new Utf8Encoder()
  let odd: number | undefined
  return {
    decode(bytes) {
      const all = odd === undefined ? bytes : Uint8Array.of(odd, ...bytes.subarray(0, 1))
      const rest = odd === undefined ? NONE : bytes.subarray(1)
      odd = undefined
      let text = units(all)
      if (rest.length > 0) text += units(rest)
      return encoder.encode(text)
    },
    end() {
      // Half a character at the end is none: written as a lone surrogate, it is marked like one.
      const body = encoder.encode(odd === undefined ? '' : '\ud800')
      return joined([body, encoder.end()])
    },
  }

  function units(bytes: Uint8Array): string {
    const even = bytes.length - (bytes.length % 2)
    if (even < bytes.length) odd = bytes[even]
    const high = littleEndian ? 1 : 0
    const codes: number[] = []
    let text = ''
    for (let at = 0; at < even; at += 2) {
      codes.push((bytes[at + high]! << 8) | bytes[at + 1 - high]!)
      if (codes.length === 8192) text += String.fromCharCode(...codes.splice(0))
    }
    return text + String.fromCharCode(...codes)
  }
}
