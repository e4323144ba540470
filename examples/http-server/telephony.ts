// What is mounted: an engine, who may use it, and the transport. Everything below /telephony is its.
import { createHttpTransport, type HttpTransport, native } from '@outdial/transport-http'
import { createEngine, type Engine, memoryDirectory, simulatedCarrier, systemClock } from 'outdial'

export const KEY = 'a-long-random-key-of-acme'
export const PATH = '/telephony'

export interface Telephony {
  engine: Engine
  transport: HttpTransport
}

export function telephony(): Telephony {
  const directory = memoryDirectory({
    organizations: [{ id: 'acme', concurrency: 20 }],
    numbers: [{ id: 'pn_1', phone: '+13035550100', organization: 'acme' }],
    keys: [{ key: KEY, organization: 'acme' }],
  })
  // A carrier that has short conversations with everybody, in real time.
  const sim = simulatedCarrier({
    clock: systemClock(),
    outcomes: { answered: 1 },
    setup: [10, 50],
    ring: [10, 50],
    talk: [50, 200],
  })
  const engine = createEngine({ carriers: { sim }, directory }) as Engine
  const transport = createHttpTransport({ engine, directory, carrier: 'sim', dialects: [native()], basePath: PATH })
  return { engine, transport }
}
