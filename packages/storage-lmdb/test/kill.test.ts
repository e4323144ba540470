import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { freePort } from '../../outdial/test/processes/free-port.js'
import { until, workersOf } from '../../outdial/test/processes/workers.js'
import { calledTwice, placements, readLedger } from '../../simulation/src/index.js'
import { serveSimulatedCarrier } from '../../simulation/src/process.js'
import { folder } from './support/folder.js'

const worker = workersOf(new URL('./support/campaign.ts', import.meta.url))
const PEOPLE = 200
const BEHAVIOUR = {
  outcomes: { answered: 1 },
  setup: [0, 50],
  ring: [0, 100],
  talk: [10, 300],
  replyDelay: [0, 200],
} as const

it('should call nobody twice and lose nobody, though its process is killed again and again', {
  timeout: 120_000,
}, async () => {
  const path = folder()
  const ledgerFile = join(path, 'ledger.jsonl')
  const carrier = await serveSimulatedCarrier({ ...BEHAVIOUR, ledgerFile, seed: 7 })
  const port = await freePort()
  const called = () => placements(readLedger(readFileSync(ledgerFile, 'utf8'))).size

  for (const after of [20, 60, 110]) {
    const { child, ended } = worker(path, carrier.url, port, PEOPLE)
    await until(() => called() >= after || child.exitCode !== null)
    child.kill('SIGKILL')
    expect((await ended).code).toBeNull()
  }
  const { code, output } = await worker(path, carrier.url, port, PEOPLE).ended

  expect(code).toBe(0)
  expect(JSON.parse(output)).toMatchObject({ tasks: { total: PEOPLE, open: 0 } })
  const ledger = readLedger(readFileSync(ledgerFile, 'utf8'))
  expect(calledTwice(ledger)).toEqual([])
  expect(placements(ledger).size).toBe(PEOPLE)
  await carrier.close()
})

it('should be used by two processes at once, one of which is killed again and again', {
  timeout: 120_000,
}, async () => {
  const path = folder()
  const ledgerFile = join(path, 'ledger.jsonl')
  const carrier = await serveSimulatedCarrier({ ...BEHAVIOUR, ledgerFile, seed: 8 })
  const called = () => placements(readLedger(readFileSync(ledgerFile, 'utf8'))).size

  const steady = worker(path, carrier.url, await freePort(), PEOPLE)
  const port = await freePort()
  for (const after of [30, 80, 130]) {
    const { child, ended } = worker(path, carrier.url, port, PEOPLE)
    await until(() => called() >= after || child.exitCode !== null)
    child.kill('SIGKILL')
    await ended
  }
  // It comes back once more: what the carrier had to tell it meanwhile is told again.
  const back = worker(path, carrier.url, port, PEOPLE)
  const { code, output } = await steady.ended
  expect((await back.ended).code).toBe(0)

  expect(code).toBe(0)
  expect(JSON.parse(output)).toMatchObject({ tasks: { total: PEOPLE, open: 0 } })
  const ledger = readLedger(readFileSync(ledgerFile, 'utf8'))
  expect(calledTwice(ledger)).toEqual([])
  expect(placements(ledger).size).toBe(PEOPLE)
  await carrier.close()
})
