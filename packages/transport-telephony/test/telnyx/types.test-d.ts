import type Telnyx from 'telnyx'
import { expectTypeOf, it } from 'vitest'
import type { Speech } from '../../src/telnyx/client-state.js'
import type { EMERGENCY, LOCK, OWN, VOICE } from '../../src/telnyx/numbers/fields.js'
import type { EACH, ORDER, SEARCH } from '../../src/telnyx/numbers/order.js'
import type { DialRequest } from '../../src/telnyx/place.js'

type ActionsOf<Name extends keyof Telnyx.Calls['actions']> = Telnyx.Calls['actions'][Name] extends (
  id: string,
  body: infer Body,
  ...rest: never[]
) => unknown
  ? Body
  : never

it('asks for calls as the official package does', () => {
  expectTypeOf<DialRequest>().toExtend<Telnyx.CallDialParams>()
  // No field of ours is unknown to it: a name that was misspelt would be ignored by the service.
  expectTypeOf<keyof DialRequest>().toExtend<keyof Telnyx.CallDialParams>()
})

it('gives commands as the official package does', () => {
  interface Speak extends Speech {
    command_id: string
    client_state: string
  }
  expectTypeOf<keyof Speak>().toExtend<keyof ActionsOf<'speak'>>()
  expectTypeOf<Speak['payload_type']>().toExtend<ActionsOf<'speak'>['payload_type']>()
  expectTypeOf<{ command_id: string; client_state: string }>().toExtend<ActionsOf<'hangup'>>()
  expectTypeOf<{ client_state: string }>().toExtend<ActionsOf<'updateClientState'>>()
})

it('changes numbers as the official package does', () => {
  type Numbers = Telnyx.PhoneNumbers
  type Update = NonNullable<Parameters<Numbers['update']>[1]>
  type Voice = NonNullable<Parameters<Numbers['voice']['update']>[1]>
  type Batch = Parameters<Numbers['jobs']['updateBatch']>[0]
  type Emergency = Parameters<Numbers['jobs']['updateEmergencySettingsBatch']>[0]
  expectTypeOf<(typeof OWN)[number]>().toExtend<keyof Update>()
  expectTypeOf<(typeof VOICE)[number]>().toEqualTypeOf<keyof Voice>()
  expectTypeOf<(typeof LOCK)[number]>().toExtend<keyof Batch>()
  expectTypeOf<(typeof EMERGENCY)[number]>().toExtend<keyof Emergency>()
})

it('buys numbers as the official package does', () => {
  type Order = Telnyx.NumberOrderCreateParams
  type Search = NonNullable<Telnyx.AvailablePhoneNumberListParams['filter']>
  expectTypeOf<(typeof ORDER)[number]>().toExtend<keyof Order>()
  expectTypeOf<(typeof EACH)[number]>().toExtend<keyof NonNullable<Order['phone_numbers']>[number]>()
  expectTypeOf<(typeof SEARCH)[number]>().toExtend<keyof Search>()
})
