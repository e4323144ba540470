import type { LedgerPage } from '@outdial/core'
import type { RedisStorage } from '../redis-storage.js'

/** The part of a store that keeps a shard's ledger. */
export type LedgerHolder = Pick<RedisStorage, 'takeLedger' | 'acknowledgeLedger'>

/** A page of several shards: which page of which. */
type Pages = [shard: number, page: string][]

/** Asks one shard after the other, from this one on, until the page is full. Each has the entries of its organizations in order. */
export async function takeFromParts(
  shards: readonly LedgerHolder[],
  turn: number,
  { max, leaseMs }: { max: number; leaseMs: number },
): Promise<LedgerPage> {
  const pages: Pages = []
  const entries: LedgerPage['entries'][number][] = []
  for (let i = 0; i < shards.length && entries.length < max; i++) {
    const number = (turn + i) % shards.length
    const told = await (shards[number] as LedgerHolder).takeLedger({ max: max - entries.length, leaseMs })
    if (told.page === undefined) continue
    pages.push([number, told.page])
    entries.push(...told.entries)
  }
  return pages.length > 0 ? { page: JSON.stringify(pages), entries } : { entries }
}

export async function acknowledgeParts(shards: readonly LedgerHolder[], page: string): Promise<void> {
  await Promise.all(pagesOf(page).map(([shard, name]) => shards[shard]?.acknowledgeLedger(name)))
}

/** A page that is none of ours is known no more. */
function pagesOf(page: string): Pages {
  try {
    const pages: unknown = JSON.parse(page)
    return Array.isArray(pages) ? (pages as Pages).filter((one) => Array.isArray(one)) : []
  } catch {
    return []
  }
}
