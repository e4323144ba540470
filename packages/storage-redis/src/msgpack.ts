/** What a script answers with. Lua has one kind of table: an empty one comes as a list, whatever it is meant to be. */
export type Packed = string | number | boolean | null | Packed[] | { [name: string]: Packed }

/** Reads one MessagePack value, of the kinds that Redis' cmsgpack writes. */
export function unpack(bytes: Buffer): Packed {
  return new Reader(bytes).value()
}

class Reader {
  readonly #bytes: Buffer
  #at = 0

  constructor(bytes: Buffer) {
    this.#bytes = bytes
  }

  value(): Packed {
    const bytes = this.#bytes
    const tag = bytes[this.#at++] as number
    if (tag < 0x80) return tag
    if (tag < 0x90) return this.#map(tag & 15)
    if (tag < 0xa0) return this.#list(tag & 15)
    if (tag < 0xc0) return this.#text(tag & 31)
    if (tag >= 0xe0) return tag - 256
    const at = this.#at
    switch (tag) {
      case 0xc0:
        return null
      case 0xc2:
        return false
      case 0xc3:
        return true
      case 0xca:
        this.#at += 4
        return bytes.readFloatBE(at)
      case 0xcb:
        this.#at += 8
        return bytes.readDoubleBE(at)
      case 0xcc:
      case 0xd0:
        this.#at += 1
        return tag === 0xcc ? bytes.readUInt8(at) : bytes.readInt8(at)
      case 0xcd:
      case 0xd1:
        this.#at += 2
        return tag === 0xcd ? bytes.readUInt16BE(at) : bytes.readInt16BE(at)
      case 0xce:
      case 0xd2:
        this.#at += 4
        return tag === 0xce ? bytes.readUInt32BE(at) : bytes.readInt32BE(at)
      case 0xcf:
        this.#at += 8
        return bytes.readUInt32BE(at) * 2 ** 32 + bytes.readUInt32BE(at + 4)
      case 0xd3:
        this.#at += 8
        return bytes.readInt32BE(at) * 2 ** 32 + bytes.readUInt32BE(at + 4)
      default:
        return this.#long(tag)
    }
  }

  #long(tag: number): Packed {
    const at = this.#at
    switch (tag) {
      case 0xd9:
        this.#at += 1
        return this.#text(this.#bytes.readUInt8(at))
      case 0xda:
      case 0xdc:
      case 0xde:
        this.#at += 2
        return this.#sized(tag - 0xda, this.#bytes.readUInt16BE(at))
      case 0xdb:
      case 0xdd:
      case 0xdf:
        this.#at += 4
        return this.#sized(tag - 0xdb, this.#bytes.readUInt32BE(at))
      default:
        throw new TypeError(`MessagePack of an unknown kind: ${tag}`)
    }
  }

  #sized(kind: number, size: number): Packed {
    if (kind === 0) return this.#text(size)
    return kind === 2 ? this.#list(size) : this.#map(size)
  }

  #text(size: number): string {
    const from = this.#at
    this.#at += size
    return this.#bytes.toString('utf8', from, this.#at)
  }

  #list(size: number): Packed[] {
    const list: Packed[] = new Array(size)
    for (let i = 0; i < size; i++) list[i] = this.value()
    return list
  }

  #map(size: number): { [name: string]: Packed } {
    const map: { [name: string]: Packed } = {}
    for (let i = 0; i < size; i++) {
      const name = String(this.value())
      if (name === '__proto__') Object.defineProperty(map, name, { value: this.value(), enumerable: true })
      else map[name] = this.value()
    }
    return map
  }
}
