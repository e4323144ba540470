import type { Redis } from 'ioredis'
import { digits } from '../../support/format.js'

/** Rows that are told. */
const TOLD = 5

/** What kinds of keys take, in bytes a thing: by the first part of their names after the prefix. */
export async function keySizes(admin: Redis, things: number): Promise<string> {
  const sizes = new Map<string, number>()
  let cursor = '0'
  do {
    const [next, keys] = await admin.scan(cursor, 'COUNT', 1000)
    cursor = next
    const bytes = await Promise.all(keys.map((key) => admin.memory('USAGE', key, 'SAMPLES', 0)))
    for (const [i, key] of keys.entries()) {
      const [kind = key] = key.slice(key.indexOf(':') + 1).split(':')
      sizes.set(kind, (sizes.get(kind) ?? 0) + (bytes[i] ?? 0))
    }
  } while (cursor !== '0')
  const most = [...sizes].toSorted(([, a], [, b]) => b - a).slice(0, TOLD)
  return most.map(([kind, bytes]) => `${kind} ${digits(bytes / things)}`).join(', ')
}
