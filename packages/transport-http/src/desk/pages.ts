/** A part of a list, and how long all of it is. */
export interface Slice<T> {
  items: T[]
  total: number
}

/** Items from `offset` on, at most `limit`, of those that `where` lets through; reads to the end to count them. */
export async function sliceOf<T>(
  items: AsyncIterable<T>,
  { offset = 0, limit, where = () => true }: { offset?: number; limit: number; where?: (item: T) => boolean },
): Promise<Slice<T>> {
  const slice: Slice<T> = { items: [], total: 0 }
  for await (const item of items) {
    if (!where(item)) continue
    if (slice.total >= offset && slice.items.length < limit) slice.items.push(item)
    slice.total++
  }
  return slice
}
