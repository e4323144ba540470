import { readFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { AttemptEntry } from '@outdial/core'
import { expect, it } from 'vitest'
import { createEngine } from '../../outdial/src/index.js'
import { freePort } from '../../outdial/test/processes/free-port.js'
import { until } from '../../outdial/test/processes/workers.js'
import { placements } from '../../simulation/src/index.js'
import { carrierWithLedger } from './support/carrier.js'
import { folderOfTest, redisServer } from './support/redis-server.js'
import { storeAt } from './support/store-on.js'
import { worker } from './support/worker.js'

const PEOPLE = 300

it('should leave no attempt out of the ledger, though whoever is handed some is killed with them', {
  timeout: 180_000,
}, async () => {
  const redis = await redisServer({ persistent: true })
  const { carrier, ledger } = await carrierWithLedger('handed-over.jsonl', 14)
  const file = folderOfTest(join(tmpdir(), `outdial-ledger-${redis.port}.jsonl`))

  const port = await freePort()
  for (const dies of ['before', 'after'] as const) {
    const deadly = { redis: redis.port, campaigns: { ledger: { file, dies } } }
    expect((await worker(deadly, carrier.url, port, PEOPLE).ended).code).toBeNull()
  }
  const last = { redis: redis.port, campaigns: { ledger: 'keep' as const } }
  expect((await worker(last, carrier.url, port, PEOPLE).ended).code).toBe(0)
  const kept: AttemptEntry[] = []
  const append = async (entries: readonly AttemptEntry[]) => void kept.push(...entries)
  const engine = createEngine({ storage: storeAt(redis).storage, ledger: { append } })
  await engine.start()
  // What somebody who is gone was handed is handed out again when half a minute is over.
  const attempts = () => new Set(kept.map(({ ref }) => ref))
  const placed = placements(ledger(), 'ref')
  await until(() => [...placed.keys()].every((ref) => attempts().has(ref)))
  await engine.stop()

  expect(placed.size).toBe(PEOPLE)
  expect(new Set(kept.map(({ id }) => id)).size).toBe(kept.length)
  const known = kept.map((entry) => JSON.stringify(entry))
  for (const line of readFileSync(file, 'utf8').trim().split('\n')) expect(known).toContain(line)
  await carrier.close()
})
