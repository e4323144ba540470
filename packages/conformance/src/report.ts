import { STORAGE_PORT_VERSION, type StorageCapabilities } from '@outdial/core'
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

/** One level of the report, in numbers of rules. */
export interface LevelReport {
  readonly passed: number
  readonly failed: number
  /** Rules that were not tried, because the adapter does not claim the capability. */
  readonly notClaimed: number
  /** Rules that need a clock that the kit can move, where the store has its own. */
  readonly notTried: readonly string[]
  readonly failures: readonly Failure[]
}

/** A rule that was broken. */
export interface Failure {
  readonly rule: string
  readonly sentence: string
  readonly message: string
}

/** What came of one rule. */
export type Verdict = 'passed' | 'not claimed' | 'not tried' | { readonly failed: unknown }

/** Whether a level is about something that a store may do without. */
export function isClaimed(level: Level, capabilities: StorageCapabilities): boolean {
  return level === 'shared' || level === 'durable' ? capabilities[level] : true
}

export function report(
  name: string,
  capabilities: StorageCapabilities,
  verdicts: ReadonlyMap<string, Verdict>,
): Report {
  const rules = SPECIFICATION.flatMap((area) => area.rules)
  const levels = Object.fromEntries(
    LEVELS.map((level) => {
      const failures: Failure[] = []
      let passed = 0
      let notClaimed = 0
      const notTried: string[] = []
      for (const rule of rules.filter((each) => each.level === level)) {
        const verdict = verdicts.get(rule.id)
        if (verdict === 'passed') passed++
        else if (verdict === 'not claimed') notClaimed++
        else if (verdict === 'not tried') notTried.push(rule.id)
        else if (verdict) failures.push({ rule: rule.id, sentence: rule.sentence, message: textOf(verdict.failed) })
      }
      return [level, { passed, failed: failures.length, notClaimed, notTried, failures }]
    }),
  ) as unknown as Record<Level, LevelReport>
  const { portVersion, shared, durable, batch, channels } = capabilities
  return {
    kit: KIT_VERSION,
    port: STORAGE_PORT_VERSION,
    adapter: { name, capabilities: { portVersion, shared, durable, batch, channels } },
    conforms: LEVELS.every((level) => levels[level].failed === 0),
    levels,
  }
}

/** With what caused it: a search says how to repeat a failure, its cause what was wrong. */
function textOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error)
  return error.cause === undefined ? error.message : `${error.message}\nCaused by: ${textOf(error.cause)}`
}
