// A campaign over a store of our own, in a process that is killed in the middle. The carrier is here and goes on; its
// ledger says whom it was asked to call.
import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { type AddressInfo, createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { serveSimulatedCarrier } from '@outdial/simulation/process'

const folder = mkdtempSync(join(tmpdir(), 'outdial-custom-store-'))
const server = await serveSimulatedCarrier({
  seed: 7,
  outcomes: { answered: 1 },
  setup: [0, 50],
  ring: [0, 100],
  talk: [10, 300],
  replyDelay: [0, 200], // the crash finds some requests unanswered
})
const { ledger } = server.carrier
const port = await freePort()

/** For the webhooks of both workers: the second one is told what the first one missed. */
async function freePort(): Promise<number> {
  const probe = createServer().listen(0, '127.0.0.1')
  await once(probe, 'listening')
  const { port } = probe.address() as AddressInfo
  probe.close()
  return port
}

function work(): ChildProcess {
  const worker = fileURLToPath(new URL('worker.ts', import.meta.url))
  const args = [...process.execArgv, worker, join(folder, 'outdial.db'), server.url, String(port)]
  return spawn(process.execPath, args, { stdio: 'inherit' })
}

const first = work()
const died = once(first, 'exit')
while (ledger.placements().size < 40 && first.exitCode === null) await new Promise((resolve) => setTimeout(resolve, 10))
first.kill('SIGKILL')
const [, signal] = await died
console.log(`the first process: ${signal}, ${ledger.placements().size} people called so far`)

const [code] = await once(work(), 'exit')
const twice = ledger.calledTwice()
console.log(`people called: ${ledger.placements().size}, called twice: ${twice.length}`)
await server.close()
rmSync(folder, { recursive: true, force: true })
if (code !== 0 || twice.length > 0 || ledger.placements().size !== 100) process.exitCode = 1
