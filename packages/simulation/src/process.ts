export {
  type HttpSimulatedCarrier,
  type HttpSimulatedCarrierOptions,
  httpSimulatedCarrier,
} from './process/http-carrier.js'
export { type CarrierServer, type CarrierServerOptions, serveSimulatedCarrier } from './process/server.js'
export { SIGNATURE_HEADER, sign, TIMESTAMP_HEADER } from './process/signature.js'
