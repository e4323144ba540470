import type { Redis } from 'ioredis'

/** What a server did between two looks at it. */
export interface ServerWork {
  /** Of the whole process, in seconds. */
  cpu: number
  /** By command, those called by scripts included. Microseconds of a script contain those of what it calls. */
  commands: Readonly<Record<string, { calls: number; micros: number }>>
  /** Of scripts called by name, milliseconds. */
  script: { p50: number; p99: number }
  bytesIn: number
  bytesOut: number
}

/** Counts what a server does while something runs. Nobody else may use it meanwhile. */
export async function serverWork(admin: Redis, work: () => Promise<unknown>): Promise<ServerWork> {
  await admin.config('RESETSTAT')
  const before = await totals(admin)
  await work()
  const after = await totals(admin)
  const commands = await commandStats(admin)
  const latency = await admin.info('latencystats')
  const [, p50 = '0', p99 = '0'] = /percentiles_usec_(?:fcall|evalsha):p50=([\d.]+),p99=([\d.]+)/.exec(latency) ?? []
  return {
    cpu: after.cpu - before.cpu,
    commands,
    script: { p50: Number(p50) / 1000, p99: Number(p99) / 1000 },
    bytesIn: after.in - before.in,
    bytesOut: after.out - before.out,
  }
}

/** Microseconds of the commands that clients sent, where those that scripts call have other names. */
export function microsOf({ commands }: ServerWork, names: readonly string[]): number {
  return names.reduce((sum, name) => sum + (commands[name]?.micros ?? 0), 0)
}

/** How often they were sent. */
export function callsOf({ commands }: ServerWork, names: readonly string[]): number {
  return names.reduce((sum, name) => sum + (commands[name]?.calls ?? 0), 0)
}

/** Bytes that the server's data takes now: not the scripts that it knows, nor what it keeps for its clients. */
export async function usedMemory(admin: Redis): Promise<number> {
  const memory = await admin.info('memory')
  return number(memory, 'used_memory') - number(memory, 'used_memory_scripts') - number(memory, 'mem_clients_normal')
}

async function totals(admin: Redis): Promise<{ cpu: number; in: number; out: number }> {
  const cpu = await admin.info('cpu')
  const stats = await admin.info('stats')
  return {
    cpu: number(cpu, 'used_cpu_user') + number(cpu, 'used_cpu_sys'),
    in: number(stats, 'total_net_input_bytes'),
    out: number(stats, 'total_net_output_bytes'),
  }
}

async function commandStats(admin: Redis): Promise<ServerWork['commands']> {
  const commands: Record<string, { calls: number; micros: number }> = {}
  for (const [, name, calls, micros] of (await admin.info('commandstats')).matchAll(
    /cmdstat_(\S+):calls=(\d+),usec=(\d+)/g,
  )) {
    commands[name as string] = { calls: Number(calls), micros: Number(micros) }
  }
  return commands
}

function number(info: string, name: string): number {
  const [, value] = new RegExp(`^${name}:([\\d.]+)`, 'm').exec(info) ?? []
  return Number(value)
}
