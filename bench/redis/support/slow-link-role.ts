import { tcpProxy } from '../../../chaos/proxy/tcp-proxy.js'

/** Stands between clients and a server. */
export async function play(args: string): Promise<void> {
  const { port, delay } = JSON.parse(args) as { port: number; delay: number }
  const proxy = await tcpProxy({ host: '127.0.0.1', port })
  proxy.delay(delay, 'replies')
  process.send?.(proxy.port)
}
