import os from 'node:os'

/** Calls `work` for every item, as many at a time as this machine has processors; results in the order of the items. */
export const each = async (items, work) => {
  const results = []
  let next = 0
  const worker = async () => {
    while (next < items.length) {
      const index = next++
      results[index] = await work(items[index])
    }
  }
  await Promise.all(Array.from({ length: os.availableParallelism() }, worker))
  return results
}
