import { STORAGE_PORT_VERSION, type StorageCapabilities } from '@outdial/core'
import { type LevelReport, levelReports, type Verdict } from './kit/levels.js'
import { SPECIFICATION } from './specification/index.js'
import { LEVELS, type Level } from './specification/rule.js'
import { KIT_VERSION } from './version.js'

/** What came of the kit, as plain data. */
export interface Report {
  readonly kit: string
  /** Version of the storage port that the kit proves. */
  readonly port: number
  readonly adapter: { readonly name: string; readonly capabilities: StorageCapabilities }
  /** Whether every rule of every level that the adapter claims was kept. */
  readonly conforms: boolean
  readonly levels: Readonly<Record<Level, LevelReport>>
}

/** Whether a level is about something that a store may do without. */
export function isClaimed(level: Level, capabilities: StorageCapabilities): boolean {
  return level === 'shared' || level === 'durable' ? capabilities[level] : true
}

export function report(
  name: string,
  capabilities: StorageCapabilities,
  verdicts: ReadonlyMap<string, Verdict>,
): Report {
  const levels = levelReports(LEVELS, SPECIFICATION, verdicts)
  const { portVersion, shared, durable, batch, channels } = capabilities
  return {
    kit: KIT_VERSION,
    port: STORAGE_PORT_VERSION,
    adapter: { name, capabilities: { portVersion, shared, durable, batch, channels } },
    conforms: LEVELS.every((level) => levels[level].failed === 0),
    levels,
  }
}
