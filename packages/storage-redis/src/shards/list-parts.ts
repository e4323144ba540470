import type { ListedMember, ListState, Page } from '@outdial/core'
import type { RedisStorage } from '../redis-storage.js'

/** The part of a store that keeps a shard's lists. */
export type ListHolder = Pick<RedisStorage, 'shardList' | 'scanList'>

/*
 * A list is in every shard, as `setList` has made it; whom reports have put on it is in the shard of their organization
 * alone. So that shard has everybody, and where there is none any shard has.
 */

/** What all shards together say of a list. */
export async function listState(
  shards: readonly ListHolder[],
  list: string,
  members: readonly string[],
): Promise<ListState> {
  const told = await Promise.all(shards.map((shard) => shard.shardList(list, members)))
  // Of equal ends that of a report stays: it is said of one person, the shards without it only know the file.
  told.sort((a, b) => Number(b.enlisted) - Number(a.enlisted))
  const of = (name: 'asOf' | 'maxAgeMs') => told.find((state) => state[name] !== undefined)?.[name]
  const [asOf, maxAgeMs] = [of('asOf'), of('maxAgeMs')]
  return {
    size: Math.max(...told.map(({ size }) => size)),
    ...(asOf !== undefined && { asOf }),
    ...(maxAgeMs !== undefined && { maxAgeMs }),
    members: members.map((_, i) => told.map((state) => state.members[i]).reduce(longer)),
  }
}

function longer(one: ListedMember | undefined, other: ListedMember | undefined): ListedMember | undefined {
  if (!one || !other) return one ?? other
  return (other.until ?? Number.POSITIVE_INFINITY) > (one.until ?? Number.POSITIVE_INFINITY) ? other : one
}

/** Goes through the shards that have what others have not, one after the other; a cursor says which are left. */
export async function scanParts(
  shards: readonly ListHolder[],
  list: string,
  { cursor, max }: { cursor?: string; max: number },
): Promise<Page<ListedMember>> {
  const [left, from] = cursor === undefined ? [await having(shards, list)] : (JSON.parse(cursor) as Left)
  const items: ListedMember[] = []
  let within = from
  for (;;) {
    const shard = shards[left[0] as number] as ListHolder
    const page = await shard.scanList(list, {
      max: max - items.length,
      ...(within !== undefined && { cursor: within }),
    })
    items.push(...page.items)
    within = page.cursor
    if (within === undefined) left.shift()
    if (left.length === 0) return { items }
    if (items.length >= max) return { items, cursor: JSON.stringify([left, within] satisfies Left) }
  }
}

type Left = [shards: number[], within?: string | undefined]

async function having(shards: readonly ListHolder[], list: string): Promise<number[]> {
  const told = await Promise.all(shards.map((shard) => shard.shardList(list, [])))
  const own = told.flatMap(({ enlisted }, shard) => (enlisted ? [shard] : []))
  return own.length > 0 ? own : [0]
}
