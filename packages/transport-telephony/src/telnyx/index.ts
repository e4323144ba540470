export type { TelnyxAgent, TelnyxAssistant, TelnyxAudio, TelnyxSpeech } from './agents.js'
export { type TelnyxCarrier, telnyxCarrier } from './carrier.js'
export { type TelnyxNumbers, type TelnyxNumbersOptions, telnyxNumbers } from './numbers.js'
export type { TelnyxCarrierOptions } from './options.js'
