// Loads a suppression list, and says how long it takes, how much room a number takes, and what a check costs.
//
//   node --conditions=@outdial/source --import tsx packages/storage-redis/bench/lists.ts [--members=N]

import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { ListedMember } from '@outdial/core'
import { Redis } from 'ioredis'
import { redisStorage } from '../src/index.js'
import { clock, seeded } from './call-lives.js'

const count = Number(process.argv.find((argument) => argument.startsWith('--members='))?.slice(10) ?? 1_000_000)
const folder = mkdtempSync(join(tmpdir(), 'outdial-bench-'))
const probe = createServer().listen(0, '127.0.0.1')
await once(probe, 'listening')
const { port } = probe.address() as { port: number }
probe.close()
const server = spawn('redis-server', ['--port', String(port), '--bind', '127.0.0.1', '--save', '', '--dir', folder], {
  stdio: ['ignore', 'pipe', 'inherit'],
})
for await (const text of server.stdout) if (String(text).includes('Ready to accept')) break
server.stdout.resume()
const client = new Redis({ port, host: '127.0.0.1' })
const memory = async () => Number(/used_memory:(\d+)/.exec(await client.info('memory'))?.[1])
const phone = (i: number) => `+1${2_012_000_000 + i * 7}`

const kinds: Record<string, (i: number) => string | ListedMember> = {
  'for good': phone,
  'for good, with a reason': (i) => ({ member: phone(i), reason: 'opt_out' }),
  'until an instant': (i) => ({ member: phone(i), until: Date.now() + 86_400_000 + i }),
  'until an instant, with a reason': (i) => ({
    member: phone(i),
    until: Date.now() + 86_400_000 + i,
    reason: 'refused',
  }),
}
const rows: Record<string, Record<string, number>> = {}
try {
  for (const [kind, member] of Object.entries(kinds)) {
    await client.flushall()
    const storage = redisStorage({ client })
    await storage.open({ clock, random: seeded(1) })
    const before = await memory()
    const add = Array.from({ length: count }, (_, i) => member(i))
    const from = performance.now()
    await storage.setList('l', { clear: true, add })
    const seconds = (performance.now() - from) / 1000
    const room = ((await memory()) - before) / count
    await client.config('RESETSTAT')
    const asked = Array.from({ length: 1000 }, (_, i) => phone(i * 11))
    for (let i = 0; i < 100; i++) await storage.getList('l', asked)
    const usec = Number(/cmdstat_fcall:calls=\d+,usec=(\d+)/.exec(await client.info('commandstats'))?.[1])
    rows[kind] = { 'seconds to load': seconds, 'bytes a member': room, 'µs a check': usec / 100_000 }
    await storage.close()
  }
  console.table(
    Object.fromEntries(
      Object.entries(rows).map(([kind, row]) => [
        kind,
        Object.fromEntries(Object.entries(row).map(([name, value]) => [name, Number(value.toPrecision(3))])),
      ]),
    ),
  )
} finally {
  client.disconnect()
  server.kill('SIGKILL')
  rmSync(folder, { recursive: true, force: true })
}
