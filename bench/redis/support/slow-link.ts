import { fork } from 'node:child_process'
import { once } from 'node:events'
import { tcpProxy } from '../../../chaos/proxy/tcp-proxy.js'

/** A way to the server that takes longer. */
export interface SlowLink {
  readonly port: number
  close(): void
}

/** Puts so many milliseconds between a server and its answers: a process of its own, so that its work is nobody's here. */
export async function slowLink(port: number, delay: number): Promise<SlowLink> {
  const child = fork(process.argv[1] as string, ['link', String(port), String(delay)], { execArgv: [] })
  const [listening] = (await once(child, 'message')) as [number]
  return { port: listening, close: () => child.disconnect() }
}

/** What that process does, until whoever started it is gone. */
export async function serveSlowLink([port, delay]: readonly string[]): Promise<void> {
  const proxy = await tcpProxy({ host: '127.0.0.1', port: Number(port) })
  proxy.delay(Number(delay), 'replies')
  process.once('disconnect', () => process.exit(0))
  process.send?.(proxy.port)
}
