/**
 * Does something with each item, so many at a time, and answers what came of them in their order. Once one fails, no more are begun, and
 * it rejects with that failure. No promise is kept for what has not begun: there may be many items, and most are quickly done.
 */
export async function inParallel<Item, Done>(
  items: readonly Item[],
  most: number,
  work: (item: Item) => Promise<Done>,
): Promise<Done[]> {
  const done = new Array<Done>(items.length)
  let next = 0
  const worker = async () => {
    while (next < items.length) {
      const at = next++
      try {
        done[at] = await work(items[at] as Item)
      } catch (error) {
        next = items.length
        throw error
      }
    }
  }
  await Promise.all(Array.from({ length: Math.max(1, Math.min(most, items.length)) }, worker))
  return done
}
