import Telnyx from 'telnyx'
import { KEYS, type Who, type World } from '../support/world.js'

/** The service's own client, with nothing changed but where it asks and with which key. */
export function sdk(world: World, who: Who = 'acme', options: ConstructorParameters<typeof Telnyx>[0] = {}): Telnyx {
  return new Telnyx({ apiKey: KEYS[who].key, baseURL: `${world.base}/v2`, maxRetries: 0, ...options })
}

/** Numbers with ids as the service has them. */
export const NUMBERS = [
  { id: '1583466971586889004', phonenumber: '+13125550100' },
  { id: '1583466971586889005', phonenumber: '+13125550101' },
  { id: '1583466971586889006', phonenumber: '+13125550102' },
  { id: '3388768018273', phonenumber: '+13125550103' },
] as const

export const IDS = NUMBERS.map(({ id }) => id)
export const PHONES = NUMBERS.map(({ phonenumber }) => phonenumber)
/** A number of the other organization. */
export const THEIRS = { id: '1583466971586889099', phonenumber: '+13125550199' }
export const INVENTORY = { acme: NUMBERS, globex: [THEIRS] }
