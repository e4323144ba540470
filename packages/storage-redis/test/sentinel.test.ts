import { describe, expect, it } from 'vitest'
import { freePort } from '../../outdial/test/processes/free-port.js'
import { until } from '../../outdial/test/processes/workers.js'
import { calledTwice, placements } from '../../simulation/src/index.js'
import { carrierWithLedger } from './support/carrier.js'
import { PROGRAMS } from './support/programs.js'
import { redisSentinels } from './support/redis-sentinel.js'
import { worker } from './support/worker.js'

const PEOPLE = 200

describe.each(PROGRAMS)('$name with Sentinels', ({ name, command }) => {
  it('should call nobody twice and lose nobody, though the primary is killed and its replica is promoted', {
    timeout: 180_000,
  }, async () => {
    const sentinels = await redisSentinels(command)
    const where = { sentinels: sentinels.ports, storage: { replicas: 1 } }
    const { carrier, ledger, called } = await carrierWithLedger(`${name}.jsonl`, 14)
    const first = worker(where, carrier.url, await freePort(), PEOPLE)
    const second = worker(where, carrier.url, await freePort(), PEOPLE)
    await until(() => called() >= 50 || first.child.exitCode !== null)
    const primary = await sentinels.primary()
    await primary.kill()
    await until(async () => (await sentinels.primary()) !== primary)
    // Nothing is dialed before the new primary has a replica: the Sentinels make one of the old, when it is back.
    await primary.start()
    const { code, output } = await first.ended
    expect((await second.ended).code).toBe(0)

    expect(code).toBe(0)
    expect(JSON.parse(output)).toMatchObject({ tasks: { total: PEOPLE, open: 0 } })
    expect(calledTwice(ledger())).toEqual([])
    expect(placements(ledger()).size).toBe(PEOPLE)
    await carrier.close()
    sentinels.leave()
  })
})
