/** Mixes the bits of a 32-bit number so that each bit of it changes about half of the result (MurmurHash3's finalizer). */
export function mix(value: number): number {
  let h = value | 0
  h = Math.imul(h ^ (h >>> 16), 0x85ebca6b)
  h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35)
  return (h ^ (h >>> 16)) >>> 0
}

/** 32 bits of a text (FNV-1a over its UTF-16 units, started at `basis`, then mixed). Not for secrets. */
export function hashText(text: string, basis: number): number {
  let h = (basis ^ 0x811c9dc5) | 0
  for (let i = 0; i < text.length; i++) h = Math.imul(h ^ text.charCodeAt(i), 0x01000193)
  return mix(h)
}

/** A seed as 32 bits. Numbers are taken by their value, so that `7` and `'7'` are different seeds. */
export function hashSeed(seed: number | string): number {
  return typeof seed === 'number'
    ? mix(mix(seed % 4_294_967_296) + Math.floor(seed / 4_294_967_296))
    : hashText(seed, 1)
}
