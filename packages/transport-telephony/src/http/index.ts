export { httpCarrier } from './carrier.js'
export type { HttpCarrierOptions } from './options.js'
