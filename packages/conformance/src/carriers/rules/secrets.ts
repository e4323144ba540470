import { inspect } from 'node:util'
import { assertSecretFree } from '../../kit/secrets.js'
import type { Forgery, Weather } from '../harness.js'
import type { CarrierSession } from '../session.js'
import type { CarrierRuleTests } from './rule-test.js'

const WEATHERS: readonly Weather[] = [
  'fair',
  'contact',
  'configuration',
  'account',
  'throttled',
  { fault: 'error', placed: false },
  { fault: 'silence', placed: true },
  { fault: 'reset', placed: false },
  { fault: 'refused' },
  { fault: 'nonsense', placed: true },
]

export const secrets: CarrierRuleTests = {
  'C-110': async (session) => {
    const { service, carrier, under } = session
    for (const weather of WEATHERS) {
      if (!session.offers(weather)) continue
      await session.meet(weather)
      await told(session, `place in ${JSON.stringify(weather)}`, session.place(session.attempt()))
    }
    const handle = session.handle(session.attempt())
    const wrong = await under.wrongKey?.()
    for (const each of [carrier, ...(wrong ? [wrong] : [])]) {
      await told(session, 'place', session.place(session.attempt(), each))
      if (each.hangup) await told(session, 'hangup', session.hangup(handle, each))
      if (each.lookup) await told(session, 'lookup', session.lookup(handle, each))
    }
    if (carrier.lookup) {
      for (const weather of ['throttled', 'error', 'silence', 'account'] as const) {
        service.nextLookup(weather)
        await told(session, `lookup in ${weather}`, session.lookup(handle))
      }
    }
  },

  'C-111': async (session) => {
    const { carrier, service, under } = session
    for (const how of ['completed', 'busy'] as const) {
      const life = await session.life(how)
      assertSecretFree('an event', life?.events, under.secrets)
      for (const webhook of carrier.parseWebhook ? (life?.webhooks ?? []) : []) {
        for (const forgery of ['unsigned', 'other key', 'changed', 'old'] as const satisfies Forgery[]) {
          const forged = service.forged(webhook, forgery)
          if (forged) await told(session, `a webhook that is ${forgery}`, session.parse(forged))
        }
      }
    }
    for (const each of [carrier, await under.wrongKey?.()]) {
      if (each?.check) await told(session, 'check', session.time.settle('`check`', each.check()))
    }
    if (carrier.check && service.nextCheck) {
      for (const weather of ['error', 'silence'] as const) {
        service.nextCheck(weather)
        await told(session, 'check', session.time.settle('`check`', carrier.check()))
      }
    }
  },

  'C-112': async ({ carrier, under }) => {
    const texts = {
      String: String(carrier),
      JSON: JSON.stringify(carrier),
      inspect: inspect(carrier, { depth: 20, showHidden: true, getters: true }),
      entries: inspect(Object.entries(Object.getOwnPropertyDescriptors(carrier)), { depth: 20 }),
    }
    for (const [name, text] of Object.entries(texts)) assertSecretFree(`the carrier by ${name}`, text, under.secrets)
  },
}

/** Nothing of what an answer says, or of what is thrown, is a secret. */
async function told(session: CarrierSession, what: string, answer: Promise<unknown>): Promise<void> {
  const seen = await answer.catch((error: unknown) => error)
  assertSecretFree(what, seen, session.under.secrets)
}
