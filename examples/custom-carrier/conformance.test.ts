import { defineCarrierConformance } from '@outdial/conformance/carriers'
import { describe, it } from 'vitest'
import { pigeonCarrier } from './pigeon-carrier.js'
import { PigeonService } from './pigeon-service.js'

defineCarrierConformance(
  { describe, it: (name, test) => it(name, { timeout: 60_000 }, test) },
  {
    name: 'pigeonCarrier',
    clock: 'own',
    async create() {
      const service = new PigeonService()
      const url = await service.start()
      const carrier = (apiKey = service.key) => pigeonCarrier({ url, apiKey, timeout: 300 })
      return {
        carrier: carrier(),
        second: async () => carrier(),
        service,
        secrets: [service.key],
        call: { agent: 'Hello {{name}}', variables: { name: 'Gizmo' } },
        notOwned: '+12025550166',
        wrongKey: async () => carrier('another-key'),
        destroy: async () => service.stop(),
      }
    },
  },
)
