/** A part of a list, and how long all of it is. */
export interface Slice<T> {
  items: T[]
  total: number
}

/** Which part of a list. */
interface Part<T> {
  /** Default 0. */
  offset?: number
  limit: number
  /** Default: all. */
  where?: (item: T) => boolean
  /** How many `where` lets through, if that is known. */
  total?: number
}

/** Items from `offset` on, at most `limit`, of those that `where` lets through. To count them all is read, unless `total` says how many there are. */
export async function sliceOf<T>(
  items: AsyncIterable<T>,
  { offset = 0, limit, where = () => true, total }: Part<T>,
): Promise<Slice<T>> {
  const slice: T[] = []
  let seen = 0
  if (total === undefined || offset < total) {
    for await (const item of items) {
      if (!where(item)) continue
      if (seen >= offset && slice.length < limit) slice.push(item)
      seen++
      if (total !== undefined && slice.length === limit) break
    }
  }
  return { items: slice, total: total ?? seen }
}
