export type * from './kv.js'
export { type KvStorageOptions, kvStorage } from './kv-storage.js'
export { type MemoryKvOptions, memoryKv } from './memory-kv.js'
