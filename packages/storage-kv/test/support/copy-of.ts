import { type Kv, type KvCapabilities, memoryKv } from '../../src/index.js'

/** Another store with the same data. */
export async function copyOf<K extends Kv>(kv: K, async = false): Promise<Kv & { capabilities: KvCapabilities }> {
  const entries = await kv.transaction((tx) => tx.range({ gte: '!', lt: '~', limit: Number.POSITIVE_INFINITY }))
  const copy = memoryKv({ async })
  await copy.transaction((tx) => {
    for (const [key, value] of entries) void tx.set(key, value)
  })
  return { ...copy, capabilities: kv.capabilities }
}
