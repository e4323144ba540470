import type { ResourceBackend } from '@outdial/core'
import { type LevelReport, levelReports, type Verdict } from '../kit/levels.js'
import { KIT_VERSION } from '../version.js'
import { RESOURCE_SPECIFICATION } from './specification/index.js'
import { LEVELS, type ResourceLevel } from './specification/rule.js'

/** What came of the kit, as plain data. */
export interface ResourceReport {
  readonly kit: string
  readonly adapter: {
    readonly name: string
    readonly type: string
    readonly capabilities: ResourceBackend['capabilities']
  }
  /** Whether no rule of any level that the back end claims was broken. `notTried` of the levels names those that the harness left out. */
  readonly conforms: boolean
  readonly levels: Readonly<Record<ResourceLevel, LevelReport>>
}

/** Whether a level is about something that this back end has. */
export function isClaimed(level: ResourceLevel, backend: ResourceBackend): boolean {
  switch (level) {
    case 'core':
      return true
    case 'list':
      return backend.list !== undefined
    case 'findCreated':
      return backend.capabilities.createVisibility !== false
    case 'check':
      return backend.check !== undefined
  }
}

export function report(
  name: string,
  { type, capabilities }: Pick<ResourceBackend, 'type' | 'capabilities'>,
  verdicts: ReadonlyMap<string, Verdict>,
): ResourceReport {
  const levels = levelReports(LEVELS, RESOURCE_SPECIFICATION, verdicts)
  return {
    kit: KIT_VERSION,
    adapter: { name, type, capabilities: structuredClone(capabilities) },
    conforms: LEVELS.every((level) => levels[level].failed === 0),
    levels,
  }
}
