export type { Amd } from './amd.js'
export { type TwilioCarrier, twilioCarrier } from './carrier.js'
export { type TwilioNumbers, twilioNumbers } from './numbers.js'
export type { TwilioAccount, TwilioCarrierOptions, TwilioNumbersOptions } from './options.js'
