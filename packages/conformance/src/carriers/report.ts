import type { Carrier, CarrierCapabilities } from '@outdial/core'
import { type LevelReport, levelReports, type Verdict } from '../kit/levels.js'
import { KIT_VERSION } from '../version.js'
import { CARRIER_SPECIFICATION } from './specification/index.js'
import { type CarrierLevel, LEVELS } from './specification/rule.js'

/** What came of the kit, as plain data. */
export interface CarrierReport {
  readonly kit: string
  readonly adapter: { readonly name: string; readonly capabilities: CarrierCapabilities }
  /** Whether no rule of any level that the adapter claims was broken. `notTried` of the levels names those that the harness left out. */
  readonly conforms: boolean
  readonly levels: Readonly<Record<CarrierLevel, LevelReport>>
}

/** Whether a level is about something that this carrier has. */
export function isClaimed(level: CarrierLevel, carrier: Carrier): boolean {
  const { capabilities } = carrier
  switch (level) {
    case 'core':
      return true
    case 'events':
      return carrier.parseWebhook !== undefined || carrier.connect !== undefined
    case 'webhooks':
      return carrier.parseWebhook !== undefined
    case 'push':
      return carrier.connect !== undefined
    case 'amd':
      return capabilities.amd && isClaimed('events', carrier)
    case 'lookup':
      return capabilities.lookup !== false
    case 'hangup':
      return capabilities.hangup
    case 'idempotency':
      return capabilities.idempotency !== 'none'
    case 'check':
      return carrier.check !== undefined
    case 'needs':
      return carrier.needs !== undefined
  }
}

export function report(
  name: string,
  capabilities: CarrierCapabilities,
  verdicts: ReadonlyMap<string, Verdict>,
): CarrierReport {
  const levels = levelReports(LEVELS, CARRIER_SPECIFICATION, verdicts)
  return {
    kit: KIT_VERSION,
    adapter: { name, capabilities: structuredClone(capabilities) },
    conforms: LEVELS.every((level) => levels[level].failed === 0),
    levels,
  }
}
