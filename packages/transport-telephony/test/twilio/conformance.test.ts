import { type CarrierHarness, defineCarrierConformance } from '@outdial/conformance/carriers'
import { describe, expect, it } from 'vitest'
import { twilioCarrier } from '../../src/twilio/index.js'
import { TwilioService } from '../stand-ins/twilio-service.js'

const AGENTS = { reminder: '<Response><Say>Hello {{name}}</Say></Response>' }
const FROM = '+12025550199'

/** `eventsAfter: 0`: the kit does not wait for a quarter of an hour. What holds until then is in lookup.test.ts. */
const harness: CarrierHarness = {
  name: 'twilioCarrier',
  clock: 'own',
  async create() {
    const service = await TwilioService.start({ numbers: [FROM], eventsAfter: 0 })
    const carriers: { close(): Promise<void> }[] = []
    const another = async (part: object = {}) => {
      const { accountSid, authToken, webhookUrl } = service
      const account = { accountSid, authToken, webhookUrl, baseUrl: service.url }
      const made = twilioCarrier({ ...account, agents: AGENTS, amd: true, timeout: 2_000, ...part })
      carriers.push(made)
      return made
    }
    return {
      carrier: await another(),
      second: () => another(),
      service,
      secrets: service.secrets,
      call: { from: FROM, agent: 'reminder', variables: { name: 'Ada Example' } },
      notOwned: '+12025550177',
      wrongKey: () => another({ authToken: 'a wrong token' }),
      // What waits behind a call that is not answered waits for longer than that call.
      narrow: () => another({ connections: 1, timeout: 5_000 }),
      async destroy() {
        await service.close()
        for (const carrier of carriers) await carrier.close()
      },
    }
  },
}

defineCarrierConformance({ describe, it }, harness, {
  report({ levels }) {
    const notTried = Object.values(levels).flatMap((level) => level.notTried)
    // C-065: Twilio's signatures have no time in them.
    expect(notTried).toEqual(['C-065'])
  },
})
