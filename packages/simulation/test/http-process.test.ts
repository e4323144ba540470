import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { readLedger } from '../src/index.js'
import { httpSimulatedCarrier } from '../src/process.js'
import { attemptAt } from './support/calls.js'
import { carrierProcess } from './support/carrier-process.js'
import { receiver } from './support/receiver.js'

// Starting Node with a loader takes a second, more on a busy machine.
const TIMEOUT = 60_000

let folder: string
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'outdial-carrier-'))
})
afterAll(() => rmSync(folder, { recursive: true, force: true }))

const QUICK = JSON.stringify({ outcomes: { answered: 1 }, setup: [0, 0], ring: [0, 0], talk: [1, 1] })

describe('the carrier as a process', () => {
  test(
    'places calls, tells of them, and has every one in its file, also when it is killed',
    async () => {
      const file = join(folder, 'killed.jsonl')
      await using hooks = await receiver()
      await using carriers = await carrierProcess('--ledger', file, '--fsync', '--options', QUICK)
      const carrier = httpSimulatedCarrier({ url: carriers.url, callbackUrl: hooks.url })
      const placed = await Promise.all(Array.from({ length: 20 }, (_, index) => carrier.place(attemptAt(index))))
      expect(placed.every(({ status }) => status === 'accepted')).toBe(true)
      await hooks.count(60)
      for (const request of hooks.requests) expect(await carrier.parseWebhook?.(request)).toHaveLength(1)

      const told = readLedger(await (await fetch(`${carriers.url}/ledger`)).text())
      expect(await carriers.end('SIGKILL')).toBeNull()
      const written = readLedger(readFileSync(file, 'utf8'))
      expect(written).toEqual(told)
      expect(written.filter(({ kind }) => kind === 'placed')).toHaveLength(20)
      expect(written.filter(({ kind }) => kind === 'ended')).toHaveLength(20)
      carrier.close()
    },
    TIMEOUT,
  )

  test(
    'with another secret its webhooks are forged, and its faults and outcomes can be changed',
    async () => {
      await using hooks = await receiver()
      await using carriers = await carrierProcess('--secret', 'theirs', '--seed', '7', '--options', QUICK)
      const carrier = httpSimulatedCarrier({ url: carriers.url, callbackUrl: hooks.url, secret: 'ours' })
      const put = (path: string, body: unknown) =>
        fetch(`${carriers.url}${path}`, { method: 'PUT', body: JSON.stringify(body) })
      await put('/outcomes', { busy: 1 })
      await carrier.place(attemptAt(1))
      await hooks.count(1)
      const [webhook] = hooks.requests
      expect(webhook?.body).toContain('"busy"')
      await expect(webhook && carrier.parseWebhook?.(webhook)).rejects.toMatchObject({ code: 'webhook_forged' })

      await put('/faults', { timeoutPlaced: 1 })
      expect(await carrier.place(attemptAt(2))).toMatchObject({ status: 'unknown' })
      expect((await put('/faults', { timeoutPlaced: 2 })).status).toBe(500)
      carrier.close()
    },
    TIMEOUT,
  )

  test(
    'ends in order on a signal, and with its standard input',
    async () => {
      await using one = await carrierProcess()
      expect(await one.end('SIGTERM')).toBe(0)
      await using two = await carrierProcess()
      two.child.stdin?.end()
      expect(await new Promise((resolve) => two.child.once('exit', resolve))).toBe(0)
    },
    TIMEOUT,
  )
})
