import type { LedgerPage } from '@outdial/core'
import type { Packed } from './msgpack.js'
import { packBlock, unpackBlock } from './payload-blocks.js'

/*
 * Entries that came with one exchange are packed together: they have most of their text in common. Scripts know how many are in
 * a parcel, and do not look into it.
 */

type Entry = LedgerPage['entries'][number]

/** Of which task an entry is, and what it says: `JOB:INDEX DATA`. */
export function ledgerText(ref: string, data: string): string {
  const second = ref.indexOf(':', ref.indexOf(':') + 1)
  return `${ref.slice(0, second)} ${data}`
}

export function packEntries(texts: readonly string[]): Buffer {
  return packBlock(texts)
}

function entryOf(text: string): Entry {
  const space = text.indexOf(' ')
  const colon = text.lastIndexOf(':', space)
  return {
    jobId: text.slice(0, colon),
    index: Number(text.slice(colon + 1, space)),
    data: text.slice(space + 1),
  }
}

/** What a script tells of a page: of each parcel the part that is in it, and which of its entries came with reports that did not count. */
type Part = [from: number, to: number, dropped: string]

/** The entries of a page, in their order. */
export function pageEntries(told: Packed, parcels: readonly Buffer[]): Entry[] {
  return (told as unknown as Part[]).flatMap(([from, to, dropped], i) => {
    const without = new Set(dropped === '' ? [] : dropped.split(',').map(Number))
    const counted = unpackBlock(parcels[i] as Buffer).filter((_, at) => !without.has(at))
    return counted.slice(from, to).map(entryOf)
  })
}

/** A parcel as it is when its entries say nothing more of a task; `undefined` when they say nothing of it. */
export function withoutTask(parcel: Buffer, jobId: string, index: number): Buffer | undefined {
  const named = `${jobId}:${index} `
  const texts = unpackBlock(parcel)
  if (!texts.some((text) => text.startsWith(named) && text !== named)) return undefined
  return packEntries(texts.map((text) => (text.startsWith(named) ? named : text)))
}
