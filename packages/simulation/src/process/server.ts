import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { type SimulatedCarrier, simulatedCarrier } from '../carrier/carrier.js'
import type { SimulatedCarrierOptions } from '../carrier/options.js'
import { LedgerFile } from './ledger-file.js'
import { processClock } from './process-clock.js'
import { answer } from './routes.js'
import { WebhookSender } from './webhook-sender.js'

/** How a simulated carrier is served over HTTP. Everything else is as in one process, in real time. */
export interface CarrierServerOptions extends Omit<SimulatedCarrierOptions, 'clock' | 'instant' | 'onLedger'> {
  /** Default: `0`, any that is free. It listens on 127.0.0.1 and nowhere else, since it asks nobody who they are. */
  port?: number
  /** Signs webhooks. Default: `simulation`. */
  secret?: string
  /** File to which the ledger is appended as JSON Lines. Default: only in memory, see `GET /ledger`. */
  ledgerFile?: string
  /** Whether each entry is forced onto the disk before the carrier goes on. Default: `false`: it survives the process, not the machine. */
  fsync?: boolean
}

/** A simulated carrier that listens. */
export interface CarrierServer {
  readonly port: number
  readonly url: string
  /** The carrier itself, when it runs in this process. */
  readonly carrier: SimulatedCarrier
  /** Stops listening and lets go of all calls, whose ends nobody will hear of. */
  close(): Promise<void>
}

/**
 * Serves a simulated carrier over HTTP:
 *
 * - `POST /calls` places a call: 201, or a refusal whose body has `status: 'rejected'`
 * - `GET /calls/:ref` looks a call up, `POST /calls/:ref/hangup` ends it; both with `to`, `from` and `fencedAt` in the query
 * - `GET /ledger` is the ledger as JSON Lines, `GET /capabilities` what the carrier says of itself
 * - `PUT /faults` and `PUT /outcomes` (as JSON, so probabilities and weights only) change what happens from now on
 *
 * Events are posted to the `callbackUrl` of each call, signed; a forged one goes to that of the last call.
 */
export async function serveSimulatedCarrier(options: CarrierServerOptions = {}): Promise<CarrierServer> {
  const { port = 0, secret = 'simulation', ledgerFile, fsync = false, ...behaviour } = options
  const clock = processClock()
  const file = ledgerFile === undefined ? undefined : new LedgerFile(ledgerFile, fsync)
  const carrier = simulatedCarrier({ ...behaviour, clock, ...(file && { onLedger: (entry) => file.append(entry) }) })
  const webhooks = new WebhookSender(secret, clock)
  const callbacks = new Map<string, string>()
  let lastCallback: string | undefined
  carrier.connect({
    clock,
    emit(event) {
      const url = callbacks.get(event.ref) ?? lastCallback
      if (url !== undefined) webhooks.send(url, event)
    },
  })

  // A connection that is closed just when a request is written loses a call of which nobody can tell what became of it. What
  // is lost here is what was asked for.
  const server = createServer({ keepAliveTimeout: 0 }, (request, response) => {
    answer(request, response, carrier, (ref, url) => {
      callbacks.set(ref, url)
      lastCallback = url
    }).catch((error: unknown) => {
      if (response.headersSent) response.destroy()
      else response.writeHead(500, { 'content-type': 'text/plain' }).end(String(error))
    })
  })
  await listening(server, port)
  const address = server.address() as AddressInfo
  return {
    port: address.port,
    url: `http://127.0.0.1:${address.port}`,
    carrier,
    async close() {
      clock.close()
      webhooks.close()
      server.closeAllConnections()
      await new Promise<void>((resolve) => server.close(() => resolve()))
      file?.close()
    },
  }
}

function listening(server: Server, port: number): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', reject)
    server.listen(port, '127.0.0.1', () => resolve())
  })
}
