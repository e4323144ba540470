import { type CarrierHarness, defineCarrierConformance } from '@outdial/conformance/carriers'
import { describe, expect, it } from 'vitest'
import { type TelnyxCarrierOptions, telnyxCarrier } from '../../src/telnyx/index.js'
import { TelnyxService } from '../stand-ins/telnyx-service.js'
import { FROM, optionsFor } from './support.js'

const agents: NonNullable<TelnyxCarrierOptions['agents']> = {
  reminder: { speak: 'Hello {{name}}', voice: 'AWS.Polly.Joanna' },
}

/** `visibilityLag` is short, so that the kit does not wait for what the service does not state. */
function harness(onMachine: 'hangup' | 'continue'): CarrierHarness {
  return {
    name: `telnyxCarrier, machines: ${onMachine}`,
    clock: 'own',
    async create() {
      const service = await TelnyxService.start({ owned: [FROM] })
      const carriers: { close(): Promise<void> }[] = []
      const another = async (part: Partial<TelnyxCarrierOptions> = {}) => {
        const made = telnyxCarrier({
          ...optionsFor(service),
          agents,
          amd: 'premium',
          onMachine,
          visibilityLag: 100,
          timeout: 2_000,
          ...part,
        })
        carriers.push(made)
        return made
      }
      return {
        carrier: await another(),
        second: () => another(),
        service,
        secrets: [service.apiKey],
        call: { from: FROM, agent: 'reminder', variables: { name: 'Ada Example' } },
        notOwned: '+12025550177',
        wrongKey: () => another({ apiKey: 'KEY-that-is-wrong' }),
        narrow: () => another({ connections: 1, timeout: 5_000 }),
        async destroy() {
          await service.close()
          for (const carrier of carriers) await carrier.close()
        },
      }
    },
  }
}

for (const onMachine of ['hangup', 'continue'] as const) {
  defineCarrierConformance({ describe, it }, harness(onMachine), {
    report({ conforms, levels }) {
      // C-042: the end of the window would have to be waited for; place.test.ts has the service's time.
      expect(Object.values(levels).flatMap((level) => level.notTried)).toEqual(['C-042'])
      expect(conforms).toBe(true)
    },
  })
}
