// Lives calls at the storage port, without an engine, and says what Redis spent: one or several builds of the store in turn.
//
//   node --conditions=@outdial/source --import tsx packages/storage-redis/bench/port.ts [--tasks=N] [--guards] [--policies] … [NAME=FOLDER …]
//
// FOLDER is a checkout of this repository, to compare with; without any, this one alone is measured.

import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { pathToFileURL } from 'node:url'
import type { Storage } from '@outdial/core'
import { Redis } from 'ioredis'
import { clock, live, load, type Shape, seeded, suppress } from './call-lives.js'

type Make = (options: { client: Redis; prefix: string }) => Storage

const flags = new Map<string, string>()
const builds: [name: string, folder: string][] = []
for (const argument of process.argv.slice(2)) {
  const [name = '', value = 'yes'] = argument.split('=')
  if (name.startsWith('--')) flags.set(name.slice(2), value)
  else builds.push([name, resolve(value)])
}
if (builds.length === 0) builds.push(['ours', resolve(import.meta.dirname, '../../..')])
const number = (name: string, otherwise: number) => Number(flags.get(name) ?? otherwise)
const shape: Shape = {
  tasks: number('tasks', 20_000),
  jobs: number('jobs', 20),
  concurrency: number('concurrency', 100),
  channels: number('channels', 1),
  lasts: number('lasts', 0),
  guards: flags.has('guards'),
  policies: flags.has('policies'),
  placed: flags.has('placed'),
}

const folder = mkdtempSync(join(tmpdir(), 'outdial-bench-'))
const probe = createServer().listen(0, '127.0.0.1')
await once(probe, 'listening')
const { port } = probe.address() as { port: number }
probe.close()
const server = spawn(
  'redis-server',
  ['--port', String(port), '--bind', '127.0.0.1', '--save', '', '--dir', folder, '--enable-debug-command', 'yes'],
  {
    stdio: ['ignore', 'pipe', 'inherit'],
  },
)
for await (const text of server.stdout) if (String(text).includes('Ready to accept')) break
server.stdout.resume()
const client = new Redis({ port, host: '127.0.0.1' })

interface Stats {
  calls: Map<string, { calls: number; usec: number }>
  cpu: number
}

async function stats(): Promise<Stats> {
  const calls = new Map<string, { calls: number; usec: number }>()
  for (const [, name, count, usec] of (await client.info('commandstats')).matchAll(
    /cmdstat_(\S+?):calls=(\d+),usec=(\d+)/g,
  )) {
    calls.set(name as string, { calls: Number(count), usec: Number(usec) })
  }
  const cpu = await client.info('cpu')
  const seconds = (name: string) => Number(new RegExp(`${name}:([\\d.]+)`).exec(cpu)?.[1])
  return { calls, cpu: (seconds('used_cpu_user') + seconds('used_cpu_sys')) * 1e6 }
}

const memory = async () => Number(/used_memory:(\d+)/.exec(await client.info('memory'))?.[1])
const median = (values: number[]) => values.sort((a, b) => a - b)[Math.floor(values.length / 2)] as number
const rows: Record<string, Record<string, number[]>> = {}
const inner: Record<string, Map<string, { calls: number; usec: number }>> = {}
let run = 0

async function measure(name: string, make: Make): Promise<void> {
  await client.flushall()
  const storage = make({ client, prefix: `run${run++}` })
  await storage.open({ clock, random: seeded(run) })
  if (shape.guards || shape.policies) await suppress(storage)
  const empty = await memory()
  await client.config('RESETSTAT')
  await load(storage, shape)
  const loading = await stats()
  const loaded = await memory()
  await client.config('RESETSTAT')
  const before = await stats()
  const lived = await live(storage, shape)
  const after = await stats()
  const finished = await memory()
  await storage.close()
  if (lived.ended !== shape.tasks) throw new Error(`${lived.ended} calls, not ${shape.tasks}`)
  const script = (from: Stats) =>
    ['fcall', 'evalsha', 'eval'].reduce((sum, one) => sum + (from.calls.get(one)?.usec ?? 0), 0)
  const slow = (await client.call('LATENCY', 'HISTOGRAM', 'fcall', 'evalsha')) as [
    string,
    [string, number, string, number[]],
  ][]
  const histogram = slow[0]?.[1][3] ?? []
  const total = histogram.at(-1) ?? 1
  let p99 = 0
  for (let i = 0; i < histogram.length; i += 2)
    if ((histogram[i + 1] as number) < total * 0.99) p99 = histogram[i + 2] ?? p99
  const commands = [...after.calls].filter(([one]) => !['fcall', 'evalsha', 'eval', 'info'].includes(one))
  const figures = {
    script: script(after) / lived.ended,
    inner: commands.reduce((sum, [, { usec }]) => sum + usec, 0) / lived.ended,
    commands: commands.reduce((sum, [, { calls }]) => sum + calls, 0) / lived.ended,
    redisCpu: (after.cpu - before.cpu) / lived.ended,
    nodeCpu: lived.nodeCpu / lived.ended,
    roundTrips: lived.exchanges / lived.ended,
    'per exchange': script(after) / lived.exchanges,
    p99,
    'calls/s': lived.ended / lived.seconds,
    load: script(loading) / shape.tasks,
    waiting: (loaded - empty) / shape.tasks,
    finished: (finished - empty) / shape.tasks,
  }
  const row = rows[name] ?? {}
  rows[name] = row
  for (const [key, value] of Object.entries(figures)) row[key] = [...(row[key] ?? []), value]
  inner[name] = new Map(commands)
}

try {
  const made = new Map<string, Make>()
  for (const [name, path] of builds) {
    const module = (await import(pathToFileURL(join(path, 'packages/storage-redis/src/index.ts')).href)) as {
      redisStorage: Make
    }
    made.set(name, module.redisStorage)
  }
  const rounds = number('rounds', 3)
  for (let round = 0; round < rounds; round++) for (const [name, make] of made) await measure(name, make)
  console.table(
    Object.fromEntries(
      Object.entries(rows).map(([name, figures]) => [
        name,
        Object.fromEntries(
          Object.entries(figures).map(([key, values]) => [key, Number(median(values).toPrecision(4))]),
        ),
      ]),
    ),
  )
  if (flags.has('commands')) {
    for (const [name, commands] of Object.entries(inner)) {
      console.log(name)
      for (const [one, { calls, usec }] of [...commands].sort((a, b) => b[1].usec - a[1].usec)) {
        console.log(
          `  ${one.padEnd(18)} ${(calls / shape.tasks).toFixed(3)} a call, ${(usec / shape.tasks).toFixed(2)} µs`,
        )
      }
    }
  }
} finally {
  client.disconnect()
  server.kill('SIGKILL')
  rmSync(folder, { recursive: true, force: true })
}
