import type { Field } from '../conductor/field.js'
import { sleep } from '../conductor/processes.js'

/**
 * Kills a worker every second and starts another in its place, for as long as something else is done. The first one is left
 * out: it may stand still meanwhile, and would not be heard of.
 */
export async function killingMeanwhile<T>({ crew, random }: Field, work: () => Promise<T>): Promise<T> {
  let over = false
  const killing = (async () => {
    while (!over) {
      await sleep(700 + 600 * random())
      if (!over) await crew.replace(1 + Math.floor(random() * (crew.size - 1)))
    }
  })()
  try {
    return await work()
  } finally {
    over = true
    await killing
  }
}
