/*
 * Whether two requests with one idempotency key are the same request. What they ask for may be long, so the store keeps a
 * hash of it. Somebody who makes two requests collide on purpose harms nobody: both are his own.
 */

/** 64 bits of texts and of where each ends: two FNV-1a hashes with different beginnings, mixed at the end. */
class Digest {
  #a = 0x811c9dc5
  #b = 0x9e3779b9

  add(text: string): void {
    for (let i = 0; i < text.length; i++) this.#step(text.charCodeAt(i))
    this.#step(0x10000)
  }

  toString(): string {
    return [this.#a, this.#b].map((word) => mixed(word).toString(16).padStart(8, '0')).join('')
  }

  #step(unit: number): void {
    this.#a = Math.imul(this.#a ^ unit, 0x01000193)
    this.#b = Math.imul(this.#b ^ unit, 0x85ebca6b) ^ (this.#b >>> 15)
  }
}

function mixed(word: number): number {
  const h = Math.imul(word ^ (word >>> 16), 0x85ebca6b)
  return (h ^ (h >>> 13)) >>> 0
}

/** A short text that is the same for the same options, in whatever order their keys are. `undefined` is absent. */
export function fingerprint(options: object): string {
  const digest = new Digest()
  write(digest, options)
  return String(digest)
}

function write(digest: Digest, value: unknown): void {
  if (typeof value !== 'object' || value === null) {
    digest.add(`${typeof value} ${String(value)}`)
  } else if (Array.isArray(value)) {
    digest.add(`[${value.length}`)
    for (const item of value) write(digest, item)
  } else if ('getTime' in value && typeof value.getTime === 'function') {
    // Dates of any kind say when they are; other objects are their members.
    digest.add(`time ${String(value.getTime())}`)
  } else {
    const entries = Object.entries(value).filter(([, inner]) => inner !== undefined)
    digest.add(`{${entries.length}`)
    for (const [key, inner] of entries.sort(([a], [b]) => (a < b ? -1 : 1))) {
      digest.add(key)
      write(digest, inner)
    }
  }
}
