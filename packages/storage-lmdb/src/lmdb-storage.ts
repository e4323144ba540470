import { OutdialError, type Storage } from '@outdial/core'
import { type KvStorageOptions, kvStorage } from '@outdial/storage-kv'
import { lmdbKv } from './lmdb-kv.js'

/** Options of {@link lmdbStorage}. */
export interface LmdbStorageOptions extends KvStorageOptions {
  /** The folder; made if it is not there. On a disk of this machine: LMDB does not work over a network. */
  path: string
}

/**
 * Keeps everything in a folder, without a server. Everything it has answered is on disk.
 *
 * Several processes of one machine may use the same folder at once. `storage_unavailable` if the folder cannot be used.
 */
export function lmdbStorage({ path, ...options }: LmdbStorageOptions): Storage {
  if (typeof path !== 'string' || path === '') {
    throw new OutdialError('invalid_options', '`path` is the folder to keep everything in.', { field: 'path' })
  }
  return kvStorage(lmdbKv(path), options)
}
