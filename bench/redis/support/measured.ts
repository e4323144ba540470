import type { Redis } from 'ioredis'
import { type Sample, type Spread, spread, timed } from '../../support/measure.js'
import { microsOf, type ServerWork, serverWork } from './server-stats.js'

/** One run: this process's side, and the server's. */
export interface Measured extends Sample {
  /** How many of what is measured were done. */
  things: number
  server: ServerWork
}

/** Measures one run; `work` says how much it did. */
export async function measured(admin: Redis, work: () => Promise<number>): Promise<Measured> {
  let things = 0
  let sample: Sample = { wall: 0, cpu: 0 }
  const server = await serverWork(admin, async () => {
    sample = await timed(async () => {
      things = await work()
    })
  })
  return { ...sample, things, server }
}

/** Things a second. */
export function rate({ things, wall }: Measured): number {
  return things / wall
}

/** How many times as fast, round by round, so that what both suffered from the machine cancels out. */
export function faster(ours: readonly Measured[], theirs: readonly Measured[]): Spread {
  return spread(ours.map((run, round) => rate(run) / rate(theirs[round] as Measured)))
}

/** How many times as little CPU, of this process and the server together. */
export function cheaper(ours: readonly Measured[], theirs: readonly Measured[]): Spread {
  const cpu = ({ things, cpu, server }: Measured) => (cpu + server.cpu) / things
  return spread(ours.map((run, round) => cpu(theirs[round] as Measured) / cpu(run)))
}

/** Of each run, something per thing. */
export function each(runs: readonly Measured[], of: (run: Measured) => number): Spread {
  return spread(runs.map((run) => of(run) / run.things))
}

/** Microseconds of CPU of this process. */
export const nodeMicros = ({ cpu }: Measured): number => cpu * 1e6

/** Microseconds of CPU of the server's process: scripts, protocol, and what it does by itself. */
export const serverMicros = ({ server }: Measured): number => server.cpu * 1e6

/** Microseconds in scripts and in what else clients send, by `commandstats`: on a busy machine waiting for a core is in it. */
export const commandMicros = ({ server }: Measured): number => microsOf(server, SENT)

/**
 * CPU of the server for the commands themselves: at most what they took by `commandstats`, and at most what the whole
 * process used; so the lesser of both.
 */
export const scriptCpu = (run: Measured): number => Math.min(commandMicros(run), serverMicros(run))

/** What clients send here. Scripts call others; `MGET` is how our store reads payloads, `FCALL` what it does else, `BZPOPMIN` how BullMQ waits. */
export const SENT: readonly string[] = ['fcall', 'evalsha', 'eval', 'mget', 'bzpopmin']
