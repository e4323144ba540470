import { type CarrierServerOptions, serveSimulatedCarrier } from '@outdial/simulation/process'

/** The carrier: what it wrote into its ledger is what happened. */
export async function play(args: string): Promise<void> {
  const server = await serveSimulatedCarrier(JSON.parse(args) as CarrierServerOptions)
  process.send?.(server.url)
}
