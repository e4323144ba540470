// The carrier of a scenario, as a process of its own: what it wrote into its ledger is what happened.
import { serveSimulatedCarrier } from '@outdial/simulation/process'

const server = await serveSimulatedCarrier(JSON.parse(process.argv[2] ?? '{}'))
process.once('disconnect', () => process.exit(0))
process.send?.(server.url)
