import { type Carrier, createEngine, type ResourceBackend } from 'outdial'
import type { CallContextUpdateOptions, CallListInstanceCreateOptions } from 'twilio/lib/rest/api/v2010/account/call.js'
import { describe, expectTypeOf, it } from 'vitest'
import { type TwilioCarrier, twilioCarrier, type twilioNumbers } from '../../src/index.js'
import type { CallParameters } from '../../src/twilio/place.js'

describe('the types of the official package', () => {
  it('take what calls are asked for with', () => {
    expectTypeOf<CallParameters>().toExtend<CallListInstanceCreateOptions>()
    // And know every name of it.
    expectTypeOf<keyof CallParameters>().toExtend<keyof CallListInstanceCreateOptions>()
  })

  it('take both ways to hang up', () => {
    expectTypeOf<{ status: 'canceled' }>().toExtend<CallContextUpdateOptions>()
    expectTypeOf<{ status: 'completed' }>().toExtend<CallContextUpdateOptions>()
  })
})

describe('the carrier', () => {
  const options = { accountSid: '', authToken: '', webhookUrl: '' }

  it('is one', () => {
    expectTypeOf<TwilioCarrier>().toExtend<Carrier>()
    expectTypeOf<ReturnType<typeof twilioNumbers>>().toExtend<ResourceBackend>()
  })

  it('says what it wants of a contact', () => {
    const make = () => {
      const twilio = twilioCarrier<{ name: string }>(options)
      return createEngine({ carriers: { twilio } })
    }
    expectTypeOf(make).returns.toHaveProperty('calls')
  })
})
