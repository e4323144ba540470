/** What a script can be asked: values, lists of them, and maps where a name says more than a position. */
export type Asked = string | number | boolean | undefined | readonly Asked[] | { readonly [name: string]: Asked }

/** Writes one MessagePack value, of the kinds that Redis' cmsgpack reads. */
export function packed(value: Asked): Buffer {
  const writer = new Writer()
  writer.value(value)
  return writer.bytes()
}

/** Texts shorter than this are written faster character by character than by a call out of JavaScript. */
const SHORT = 32
/** Whatever its characters are, a text of so many takes less than 65,536 bytes. */
const LONGEST_SHORT = 21_845

class Writer {
  #buffer: Buffer = Buffer.allocUnsafe(16_384)
  #at = 0

  bytes(): Buffer {
    return this.#buffer.subarray(0, this.#at)
  }

  value(value: Asked): void {
    switch (typeof value) {
      case 'string':
        return this.#text(value)
      case 'number':
        return this.#number(value)
      case 'object':
        if (Array.isArray(value)) return this.#list(value)
        return this.#map(value as { readonly [name: string]: Asked })
      default:
        this.#room(1)
        this.#buffer[this.#at++] = value === true ? 0xc3 : 0xc2
    }
  }

  #list(list: readonly Asked[]): void {
    this.#room(5)
    const size = list.length
    if (size < 16) this.#buffer[this.#at++] = 0x90 | size
    else this.#size(0xdc, 0xdd, size)
    for (let i = 0; i < size; i++) this.value(list[i])
  }

  #map(map: { readonly [name: string]: Asked }): void {
    const entries = Object.entries(map).filter(([, value]) => value !== undefined)
    this.#room(5)
    this.#size(0xde, 0xdf, entries.length)
    for (const [name, value] of entries) {
      this.#text(name)
      this.value(value)
    }
  }

  #size(short: number, long: number, size: number): void {
    if (size < 65_536) {
      this.#buffer[this.#at] = short
      this.#at = this.#buffer.writeUInt16BE(size, this.#at + 1)
    } else {
      this.#buffer[this.#at] = long
      this.#at = this.#buffer.writeUInt32BE(size, this.#at + 1)
    }
  }

  #text(text: string): void {
    const { length } = text
    this.#room(length * 3 + 5)
    if (length < SHORT) {
      const from = this.#at
      this.#buffer[this.#at++] = 0xa0 | length
      for (let i = 0; i < length; i++) {
        const code = text.charCodeAt(i)
        if (code > 127) {
          this.#at = from
          return this.#long(text)
        }
        this.#buffer[this.#at++] = code
      }
      return
    }
    this.#long(text)
  }

  /** A half of a surrogate pair becomes a replacement character, as in every text that is sent as UTF-8. */
  #long(text: string): void {
    // How long it is in bytes is known once it is written: before it, there is room for what says so.
    const head = text.length > LONGEST_SHORT ? 5 : 3
    const size = this.#buffer.write(text, this.#at + head, 'utf8')
    if (head === 3) {
      this.#buffer[this.#at] = 0xda
      this.#buffer.writeUInt16BE(size, this.#at + 1)
    } else {
      this.#buffer[this.#at] = 0xdb
      this.#buffer.writeUInt32BE(size, this.#at + 1)
    }
    this.#at += head + size
  }

  #number(value: number): void {
    this.#room(9)
    if (Number.isInteger(value) && value >= -32 && value < 2 ** 32) {
      if (value < 128) {
        this.#buffer[this.#at++] = value & 0xff
      } else if (value < 65_536) {
        this.#buffer[this.#at] = 0xcd
        this.#at = this.#buffer.writeUInt16BE(value, this.#at + 1)
      } else {
        this.#buffer[this.#at] = 0xce
        this.#at = this.#buffer.writeUInt32BE(value, this.#at + 1)
      }
      return
    }
    this.#buffer[this.#at] = 0xcb
    this.#at = this.#buffer.writeDoubleBE(value, this.#at + 1)
  }

  #room(size: number): void {
    if (this.#at + size <= this.#buffer.length) return
    const larger = Buffer.allocUnsafe(Math.max(this.#buffer.length * 2, this.#at + size))
    this.#buffer.copy(larger, 0, 0, this.#at)
    this.#buffer = larger
  }
}
