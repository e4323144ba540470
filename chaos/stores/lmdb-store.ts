import { join } from 'node:path'
import { lmdbStorage } from '@outdial/storage-lmdb'
import type { ChaosStore } from './chaos-store.js'

/** A folder that several processes of one machine use at once. There is no server and no link. */
export const lmdbStore: ChaosStore = {
  name: 'lmdb',
  offers: [],
  people: 1_200,
  async start(folder) {
    const address = join(folder, 'store')
    return { address, judgeAddress: address, stop: async () => {} }
  },
  // The judge replays the log from its first entry, so none may be trimmed.
  open: (path) => lmdbStorage({ path, events: 1_000_000 }),
}
