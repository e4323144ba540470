import { defineResourceConformance, type ResourceHarness } from '@outdial/conformance/resources'
import { describe, expect, it } from 'vitest'
import { type TwilioNumbersOptions, twilioNumbers } from '../../src/twilio/index.js'
import { sidOf } from '../stand-ins/twilio-answers.js'
import { TwilioService } from '../stand-ins/twilio-service.js'

const [ACME, GLOBEX] = [sidOf('AC', 2), sidOf('AC', 3)]

const harness: ResourceHarness = {
  name: 'twilioNumbers',
  clock: 'own',
  async create() {
    const service = await TwilioService.start({ subaccounts: [ACME, GLOBEX] })
    const backends: { close(): Promise<void> }[] = []
    const another = async (part: Partial<TwilioNumbersOptions> = {}) => {
      const { accountSid, authToken, url } = service
      const accounts = { acme: ACME, globex: GLOBEX }
      const made = twilioNumbers({ accountSid, authToken, baseUrl: url, accounts, timeout: 2_000, ...part })
      backends.push(made)
      return made
    }
    service.numbers.account = ACME
    return {
      backend: await another(),
      second: () => another(),
      service: service.numbers,
      secrets: service.secrets,
      stranger: 'globex',
      data: (n) => (n % 2 === 0 ? { phone_number: `+120255501${String(n).padStart(2, '0')}` } : { area_code: '505' }),
      changes: (n) => ({ friendly_name: `Desk ${n}`, voice_url: `https://agents.example.com/${n}` }),
      nobody: (field) => (field.includes('number') ? '+12025550198' : sidOf('PN', 9999)),
      wrongKey: () => another({ authToken: 'a wrong token' }),
      narrow: () => another({ connections: 1, timeout: 5_000 }),
      async destroy() {
        await service.close()
        for (const backend of backends) await backend.close()
      },
    }
  },
}

defineResourceConformance({ describe, it }, harness, {
  report({ levels }) {
    expect(Object.values(levels).flatMap((level) => level.notTried)).toEqual([])
  },
})
