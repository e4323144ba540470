import type { Kv } from '../../src/index.js'

/** What becomes of a transaction. */
export type Fate = 'fine' | 'undone' | 'reply lost'

/** A store whose transactions fail: before anything was committed, or when all of it was. */
export function faultyKv(kv: Kv, fate: () => Fate): Kv {
  return {
    ...kv,
    async transaction(work, options) {
      const lot = fate()
      const result = await kv.transaction(async (tx) => {
        const result = await work(tx)
        if (lot === 'undone') throw new Error('connection reset')
        return result
      }, options)
      if (lot === 'reply lost') throw new Error('no answer')
      return result
    },
  }
}
