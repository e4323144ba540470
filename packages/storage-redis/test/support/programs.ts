import { spawnSync } from 'node:child_process'

/** A program of this machine that is a Redis server, or is made from one. */
export interface Program {
  readonly name: string
  readonly command: string
  /** Of Redis that it is compatible with: from 7.2 on it knows `WAITAOF`. */
  readonly tellsOfDisk: boolean
}

/** The servers of this machine; `OUTDIAL_REDIS_SERVERS` names more of them, with colons between. */
export const PROGRAMS: readonly Program[] = [
  'redis-server',
  'valkey-server',
  ...(process.env.OUTDIAL_REDIS_SERVERS ?? '').split(':'),
]
  .filter((command) => command !== '')
  .flatMap((command) => {
    const told = /^(.+) server v=(\d+)\.(\d+)/.exec(
      spawnSync(command, ['--version'], { encoding: 'utf8' }).stdout ?? '',
    )
    if (!told) return []
    const [, kind, major, minor] = told
    return [{ name: `${kind} ${major}.${minor}`, command, tellsOfDisk: Number(major) * 100 + Number(minor) >= 702 }]
  })
