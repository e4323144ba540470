import type { Host } from '../engine/host.js'
import { OutdialError } from '../errors/outdial-error.js'
import type { ResourceBackend } from '../ports/resources.js'
import { BackendDesk } from './backend-desk.js'

/** The engine's back ends by type, checked. What could only fail in the middle of a job is refused here. */
export function openDesks(host: Host, backends: readonly ResourceBackend[]): ReadonlyMap<string, BackendDesk> {
  const desks = new Map<string, BackendDesk>()
  for (const [i, backend] of backends.entries()) {
    const field = `resources[${i}]`
    const { type, capabilities } = backend
    const { keys, concurrency, createVisibility } = capabilities
    if (type === '' || /[\s:]/.test(type)) throw invalid(`${field}.type`, 'a type has a name without spaces and colons')
    if (desks.has(type)) throw invalid(`${field}.type`, `there are two back ends for '${type}'`)
    if (keys.length === 0) throw invalid(`${field}.capabilities.keys`, 'there is no field to find a resource by')
    if (!Number.isInteger(concurrency) || concurrency < 1) {
      throw invalid(`${field}.capabilities.concurrency`, 'expected a whole number from 1')
    }
    if (createVisibility !== false && !(createVisibility >= 0 && Number.isFinite(createVisibility))) {
      throw invalid(`${field}.capabilities.createVisibility`, 'expected milliseconds, or false')
    }
    desks.set(type, new BackendDesk(host, backend))
  }
  return desks
}

function invalid(field: string, problem: string): OutdialError {
  return new OutdialError('invalid_options', `${field}: ${problem}`, { field })
}
