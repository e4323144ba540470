import assert from 'node:assert/strict'
import type { CarrierCapabilities } from '@outdial/core'
import type { CarrierRuleTests } from './rule-test.js'

export const manifest: CarrierRuleTests = {
  'C-001': async ({ carrier }) => {
    const { idempotency, lookup, hangup, amd, maxDuration, cps } = carrier.capabilities
    if (typeof idempotency === 'object') above(idempotency.window, 'idempotency.window')
    else assert.ok(idempotency === 'none' || idempotency === 'durable', `idempotency is ${String(idempotency)}`)
    if (lookup !== false) {
      above(lookup.horizon, 'lookup.horizon')
      assert.ok(Number.isFinite(lookup.visibilityLag) && lookup.visibilityLag >= 0, 'lookup.visibilityLag is no time')
    }
    assert.deepEqual([typeof hangup, typeof amd], ['boolean', 'boolean'], 'hangup and amd are true or false')
    if (maxDuration !== undefined) above(maxDuration, 'maxDuration')
    if (cps !== undefined) above(cps, 'cps')
  },

  'C-002': async ({ carrier }) => {
    const { lookup, hangup } = carrier.capabilities
    assert.equal(carrier.lookup !== undefined, lookup !== false, 'lookup is claimed or there, and not both')
    assert.equal(carrier.hangup !== undefined, hangup, 'hangup is claimed or there, and not both')
  },

  'C-003': async ({ carrier }) => {
    const ways = [carrier.parseWebhook, carrier.connect, carrier.lookup]
    assert.ok(
      ways.some((way) => way !== undefined),
      'nobody would hear of the end of a call',
    )
  },

  'C-004': async ({ carrier, under }) => {
    const told = (capabilities: CarrierCapabilities) => JSON.parse(JSON.stringify(capabilities)) as unknown
    assert.deepEqual(told((await under.second()).capabilities), told(carrier.capabilities))
  },
}

function above(value: number, what: string): void {
  assert.ok(value > 0 && !Number.isNaN(value), `${what} is ${value}`)
}
