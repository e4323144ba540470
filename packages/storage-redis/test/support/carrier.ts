import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll } from 'vitest'
import { placements, readLedger } from '../../../simulation/src/index.js'
import { serveSimulatedCarrier } from '../../../simulation/src/process.js'

const BEHAVIOUR = {
  outcomes: { answered: 1 },
  setup: [0, 50],
  ring: [0, 100],
  talk: [10, 300],
  replyDelay: [0, 200],
} as const
const path = mkdtempSync(join(tmpdir(), 'outdial-ledger-'))
afterAll(() => rmSync(path, { recursive: true, force: true }))

/** A carrier whose own ledger is the judge. */
export async function carrierWithLedger(name: string, seed: number) {
  const ledgerFile = join(path, name)
  const carrier = await serveSimulatedCarrier({ ...BEHAVIOUR, ledgerFile, seed })
  const ledger = () => readLedger(readFileSync(ledgerFile, 'utf8'))
  return { carrier, ledger, called: () => placements(ledger()).size }
}
