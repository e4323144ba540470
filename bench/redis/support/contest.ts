import { type Measured, measured } from './measured.js'
import type { Persistence, RedisServer } from './redis-server.js'

/** Something that can be measured on a server. */
export type Subject = (port: number) => Promise<Prepared>

/** A subject with everything loaded. */
export interface Prepared {
  /** Does the work, and says how much it was. */
  run(): Promise<number>
  close(): Promise<void>
}

/** Where the subjects find the server, and what it writes to disk. */
export interface Ground {
  server: RedisServer
  /** Another port than the server's own, when something stands between. */
  port?: number
  persistence?: Persistence
}

/** Runs a subject once, on an empty server. */
function once(ground: Ground, subject: Subject): Promise<Measured> {
  return on(ground, subject, (run) => measured(ground.server.admin, run))
}

/** Prepares a subject on an empty server, and has it looked at while it works. */
export async function on<Seen>(
  { server, port, persistence = 'off' }: Ground,
  subject: Subject,
  look: (run: () => Promise<number>) => Promise<Seen>,
): Promise<Seen> {
  await server.persist('off')
  await server.empty()
  await server.persist(persistence)
  const prepared = await subject(port ?? server.port)
  try {
    return await look(() => prepared.run())
  } finally {
    await prepared.close()
  }
}

/** Runs each in turn, a, b, c, a, b, c, …, so often. What only warms up has been before. */
export async function contest<Name extends string>(
  ground: Ground,
  rounds: number,
  subjects: Readonly<Record<Name, Subject>>,
): Promise<Record<Name, Measured[]>> {
  const names = Object.keys(subjects) as Name[]
  const runs = Object.fromEntries(names.map((name) => [name, [] as Measured[]])) as Record<Name, Measured[]>
  for (let round = 0; round < rounds; round++) {
    for (const name of names) runs[name].push(await once(ground, subjects[name]))
  }
  return runs
}

/** The fastest of several ways, by the better of two runs each: also what warms up. */
export async function fastest<Way>(ground: Ground, ways: readonly Way[], subject: (way: Way) => Subject): Promise<Way> {
  let best = ways[0] as Way
  let most = 0
  for (const way of [...ways, ...(ways.length > 1 ? ways : [])]) {
    const { things, wall } = await once(ground, subject(way))
    if (things / wall <= most) continue
    most = things / wall
    best = way
  }
  return best
}
