// A simulated carrier as a process of its own:
//   node --conditions=@outdial/source --import tsx packages/simulation/src/process-main.ts --port 0 --ledger calls.jsonl --seed 7
// (the condition makes it run from sources; without it the packages must have been built).
// Prints one line of JSON with its port, url and pid when it listens. Ends on SIGTERM or SIGINT, and with --with-stdin when its
// standard input does, so that it does not outlive a test that was killed.
import { parseArgs } from 'node:util'
import { type CarrierServerOptions, serveSimulatedCarrier } from './process/server.js'

const { values } = parseArgs({
  options: {
    port: { type: 'string' },
    ledger: { type: 'string' },
    fsync: { type: 'boolean' },
    seed: { type: 'string' },
    secret: { type: 'string' },
    /** All other options of `serveSimulatedCarrier`, as JSON. */
    options: { type: 'string' },
    'with-stdin': { type: 'boolean' },
  },
})

const more = JSON.parse(values.options ?? '{}') as CarrierServerOptions
const server = await serveSimulatedCarrier({
  ...more,
  ...(values.port !== undefined && { port: Number(values.port) }),
  ...(values.ledger !== undefined && { ledgerFile: values.ledger }),
  ...(values.fsync !== undefined && { fsync: values.fsync }),
  // A number where it is one: the same seed as in `simulatedCarrier({ seed: 7 })`.
  ...(values.seed !== undefined && { seed: /^\d+$/.test(values.seed) ? Number(values.seed) : values.seed }),
  ...(values.secret !== undefined && { secret: values.secret }),
})

const stop = (): void => {
  void server.close().then(() => process.exit(0))
}
process.once('SIGTERM', stop)
process.once('SIGINT', stop)
if (values['with-stdin']) process.stdin.resume().once('end', stop)

process.stdout.write(`${JSON.stringify({ port: server.port, url: server.url, pid: process.pid })}\n`)
