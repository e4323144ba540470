/**
 * A record as text: JSON in which infinite numbers are numbers too (`1e999` reads back as `Infinity`) and -0 stays what it
 * is. Members that are `undefined` are left out, as in JSON.
 */
export function encode(value: unknown): string {
  if (typeof value === 'number') return number(value)
  if (typeof value !== 'object' || value === null) return JSON.stringify(value) ?? 'null'
  let text = ''
  if (Array.isArray(value)) {
    for (const item of value) text += text === '' ? encode(item) : `,${encode(item)}`
    return `[${text}]`
  }
  for (const [name, member] of Object.entries(value)) {
    if (member === undefined) continue
    text += `${text === '' ? '' : ','}${JSON.stringify(name)}:${encode(member)}`
  }
  return `{${text}}`
}

function number(value: number): string {
  if (value === Number.POSITIVE_INFINITY) return '1e999'
  if (value === Number.NEGATIVE_INFINITY) return '-1e999'
  return Object.is(value, -0) ? '-0' : String(value)
}

/** The record that {@link encode} made a text of. */
export function decode<T>(text: string): T {
  return JSON.parse(text) as T
}

/** Any text as part of a key: `/`, `%` and all that is not printable ASCII or is rare are written by their codes. */
export function part(text: string): string {
  return PLAIN.test(text)
    ? text
    : text.replace(OTHERS, (char) => `%${char.charCodeAt(0).toString(16).padStart(4, '0')}`)
}
const PLAIN = /^[\w.:+@-]*$/
const OTHERS = /[^\w.:+@-]/g

/** A whole number from 0 as part of a key: the order of the texts is that of the numbers. */
export function count(n: number): string {
  return n.toString(36).padStart(8, '0')
}

/** What {@link count} wrote. */
export function counted(text: string): number {
  return Number.parseInt(text, 36)
}

/** Characters of {@link ordered}. */
export const ORDERED_LENGTH = 16
const bits = new DataView(new ArrayBuffer(8))

/** Any number as part of a key: the order of the texts is that of the numbers, infinite ones included. */
export function ordered(n: number): string {
  // Adding 0 makes 0 of -0: equal numbers are equal texts.
  bits.setFloat64(0, n + 0)
  const high = bits.getUint32(0)
  const low = bits.getUint32(4)
  // A negative number's bits grow away from zero, so all of them are turned over; a positive one only gets above those.
  return high & SIGN ? hex(~high) + hex(~low) : hex(high | SIGN) + hex(low)
}

/** What {@link ordered} wrote. */
export function orderedNumber(text: string): number {
  const high = Number.parseInt(text.slice(0, 8), 16)
  const low = Number.parseInt(text.slice(8, 16), 16)
  bits.setUint32(0, high & SIGN ? high & ~SIGN : ~high)
  bits.setUint32(4, high & SIGN ? low : ~low)
  return bits.getFloat64(0)
}

const SIGN = 0x8000_0000

function hex(word: number): string {
  return (word >>> 0).toString(16).padStart(8, '0')
}
