import { randomBytes } from 'node:crypto'
import { type CarrierHarness, defineCarrierConformance } from '@outdial/conformance/carriers'
import type { CarrierCapabilities } from '@outdial/core'
import { describe, expect, it } from 'vitest'
import { type HttpCarrierOptions, httpCarrier } from '../../src/http/index.js'
import { HttpService } from '../stand-ins/http-service.js'

const EVERYTHING: CarrierCapabilities = {
  idempotency: 'durable',
  lookup: { visibilityLag: 0, horizon: 86_400_000 },
  hangup: true,
  amd: true,
}

const harness = (name: string, capabilities: Partial<CarrierCapabilities>): CarrierHarness => ({
  name,
  clock: 'own',
  async create() {
    const service = await HttpService.start()
    // The service gives up long before the carrier does, so that a busy machine is no trouble of its own.
    service.silence = 300
    service.capabilities.amd = capabilities.amd ?? false
    const gateway = randomBytes(12).toString('hex')
    const made = (options: Partial<HttpCarrierOptions> = {}) =>
      httpCarrier({
        baseUrl: service.url,
        secret: service.secret,
        webhookUrl: 'http://127.0.0.1:9/carriers/pbx/events',
        headers: { 'x-gateway-key': gateway },
        capabilities,
        timeout: 2_000,
        ...options,
      })
    const other = `whsec_${randomBytes(32).toString('base64')}`
    return {
      carrier: made(),
      second: async () => made(),
      service,
      secrets: [service.secret, service.secret.slice('whsec_'.length), gateway],
      call: { agent: 'Hello {{name}}', variables: { name: 'Gizmo' } },
      notOwned: service.notOwned,
      wrongKey: async () => made({ secret: other }),
      // A call that is behind another one still has time when that one is lost.
      narrow: async () => {
        service.silence = 150
        return made({ connections: 1, timeout: 5_000 })
      },
      destroy: () => service.close(),
    }
  },
})

const runner = { describe, it: (name: string, test: () => Promise<void>) => it(name, { timeout: 60_000 }, test) }

defineCarrierConformance(runner, harness('httpCarrier', EVERYTHING), {
  report({ levels }) {
    const all = Object.values(levels)
    expect(all.flatMap(({ failures }) => failures)).toEqual([])
    // In real time nobody waits until a window has passed.
    expect(all.flatMap(({ notTried }) => notTried)).toEqual(['C-042'])
  },
})

defineCarrierConformance(runner, harness('httpCarrier of which nothing is known', {}))
