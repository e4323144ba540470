import { createServer } from 'node:net'

/** Below those that systems give to connections and to who asks for any, which could take one while its owner is down. */
const PORTS = { from: 10_240, to: 32_000 }
const given = new Set<number>()

/** A port that is free, is given only once, and stays free while its owner comes and goes. */
export async function freePort(): Promise<number> {
  for (;;) {
    const port = PORTS.from + Math.floor(Math.random() * (PORTS.to - PORTS.from))
    if (given.has(port)) continue
    given.add(port)
    if (await isFree(port)) return port
  }
}

export function freePorts(count: number): Promise<number[]> {
  return Promise.all(Array.from({ length: count }, freePort))
}

function isFree(port: number): Promise<boolean> {
  const server = createServer()
  return new Promise((resolve) => {
    server.once('error', () => resolve(false))
    server.listen(port, '127.0.0.1', () => server.close(() => resolve(true)))
  })
}
