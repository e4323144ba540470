import { expect, it } from 'vitest'
import { freePort } from '../../outdial/test/processes/free-port.js'
import { until } from '../../outdial/test/processes/workers.js'
import { calledTwice, placements } from '../../simulation/src/index.js'
import { carrierWithLedger } from './support/carrier.js'
import { redisServer } from './support/redis-server.js'
import { worker } from './support/worker.js'

const PEOPLE = 200

it('should call nobody twice and lose nobody, shared by two processes of which one is killed again and again', {
  timeout: 180_000,
}, async () => {
  const redis = await redisServer({ persistent: true })
  const { carrier, ledger, called } = await carrierWithLedger('killed.jsonl', 9)

  const steady = worker({ redis: redis.port }, carrier.url, await freePort(), PEOPLE)
  const port = await freePort()
  for (const after of [30, 80, 130]) {
    const { child, ended } = worker({ redis: redis.port }, carrier.url, port, PEOPLE)
    await until(() => called() >= after || child.exitCode !== null)
    child.kill('SIGKILL')
    await ended
  }
  // A worker killed between a fence and its dial leaves a call that the carrier is asked about when its time is over: up
  // to a minute.
  // It comes back once more: what the carrier had to tell it meanwhile is told again.
  const back = worker({ redis: redis.port }, carrier.url, port, PEOPLE)
  const { code, output } = await steady.ended
  expect((await back.ended).code).toBe(0)

  expect(code).toBe(0)
  expect(JSON.parse(output)).toMatchObject({ tasks: { total: PEOPLE, open: 0 } })
  expect(calledTwice(ledger())).toEqual([])
  expect(placements(ledger()).size).toBe(PEOPLE)
  await carrier.close()
})

it('should call nobody twice and lose nobody, though Redis itself is killed again and again', {
  timeout: 180_000,
}, async () => {
  const redis = await redisServer({ persistent: true })
  const { carrier, ledger, called } = await carrierWithLedger('redis-killed.jsonl', 10)

  const first = worker({ redis: redis.port }, carrier.url, await freePort(), PEOPLE)
  const second = worker({ redis: redis.port }, carrier.url, await freePort(), PEOPLE)
  for (const after of [30, 80, 130]) {
    await until(() => called() >= after || first.child.exitCode !== null)
    await redis.restart()
  }
  const { code, output } = await first.ended
  expect((await second.ended).code).toBe(0)

  expect(code).toBe(0)
  expect(JSON.parse(output)).toMatchObject({ tasks: { total: PEOPLE, open: 0 } })
  expect(calledTwice(ledger())).toEqual([])
  expect(placements(ledger()).size).toBe(PEOPLE)
  await carrier.close()
})
