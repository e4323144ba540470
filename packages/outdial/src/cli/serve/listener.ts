import { createServer, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { HttpTransport } from '@outdial/transport-http'
import { nodeHandler } from '@outdial/transport-http/node'
import { BadInput } from '../exit.js'

/** Longer than the transport lets any request take: it says so itself, in the words of the dialect. */
const LONGEST_REQUEST = 15 * 60_000

/** Whether the process can do its work: `undefined`, or what keeps it from it. */
export type Ready = () => Promise<string | undefined>

/** A server for the transport, with `/healthz` and `/readyz` before it. */
export function listener(transport: HttpTransport, ready: Ready): Server {
  const handle = nodeHandler(transport)
  return createServer({ requestTimeout: LONGEST_REQUEST }, (request, response) => {
    const [path] = (request.url ?? '').split('?')
    if (path === '/healthz') return tell(response, 200, { status: 'ok' })
    if (path !== '/readyz') return void handle(request, response)
    return void ready().then((problem) =>
      tell(
        response,
        problem === undefined ? 200 : 503,
        problem === undefined ? { status: 'ready' } : { status: 'not ready', problem },
      ),
    )
  })
}

function tell(response: ServerResponse, status: number, body: object): void {
  response
    .writeHead(status, { 'content-type': 'application/json', 'cache-control': 'no-store' })
    .end(JSON.stringify(body))
}

/** Listens; answers the port. Throws `BadInput` when the port or the address cannot be had, saying what to do. */
export async function listen(server: Server, host: string, port: number): Promise<number> {
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject)
    server.listen(port, host, () => {
      server.off('error', reject)
      resolve()
    })
  }).catch((error: NodeJS.ErrnoException) => {
    throw new BadInput(...problemOf(error, host, port))
  })
  return (server.address() as AddressInfo).port
}

function problemOf({ code, message }: NodeJS.ErrnoException, host: string, port: number): [string, string?] {
  switch (code) {
    case 'EADDRINUSE':
      return [`port ${port} of ${host} is taken`, 'Name another with --port; --port 0 takes one that is free.']
    case 'EACCES':
      return [`port ${port} of ${host} is not permitted to this user`, 'Name one above 1023 with --port.']
    case 'EADDRNOTAVAIL':
    case 'ENOTFOUND':
      return [`${host} is no address of this machine`, 'Name another with --host.']
    default:
      return [`cannot listen on port ${port} of ${host}: ${message}`]
  }
}
