import type { CallerIdRules } from '../caller-ids/pool-options.js'
import type { Outcome } from '../lifecycle/outcome.js'
import type { Budget, JobMoney } from '../money/budget.js'
import type { CallingWindow } from '../policy/calling-window.js'
import type { CapRule } from '../policy/caps.js'
import type { CooldownRule } from '../policy/cooldowns.js'
import type { RetryPolicy } from '../policy/retry.js'
import type { Rule } from '../policy/rules/rule-set.js'
import type { IdentifyOptions } from '../policy/subjects.js'
import type { SuppressRule } from '../policy/suppress-after.js'
import type { JobRecord } from '../ports/storage-jobs.js'
import { listsOf } from './suppression-lists.js'

/** What every job says of itself; kept by the store as JSON, opaque to it. */
interface CommonSpec {
  name: string
  description?: string
  metadata?: Readonly<Record<string, unknown>>
  /** The job waits for further tasks instead of completing. */
  keepOpen: boolean
  /** When it is to start, if not at once. */
  startAt?: number
  /** From then on nothing more is begun. */
  expiresAt?: number
  concurrency?: number
  cps?: number
}

/** A campaign: the validated options, durations in milliseconds. */
export interface CallSpec extends CommonSpec {
  kind: 'calls'
  carrier: string
  from: readonly string[]
  /** How its numbers are chosen. Absent: the first of them with room. */
  callerIds?: CallerIdRules
  /** Its numbers may change, and are no gate of it even when there is only one. */
  pool?: true
  /** Its only number is, or was, closed or has a daily cap: each fence asks for it. */
  asksNumber?: true
  agent?: string
  attempts: number
  retry: RetryPolicy
  successOutcomes: readonly Outcome[]
  infrastructureLimit: number
  /** What to do with a call of which nobody can say what became of it when its deadline has passed. */
  unknown: 'fail' | 'retry'
  window: CallingWindow | null
  /** Milliseconds over which openings are spread. Absent: not at all. */
  spread?: number
  timezone: string
  /** Contacts without a zone of their own have the job's, whatever their number. Absent: that of their number. */
  zoneBy?: 'job'
  ringTimeout: number
  maxDuration: number
  caps: readonly CapRule[]
  budget?: Budget
  /** Absent: nobody knows what its calls cost. */
  money?: JobMoney
  cooldowns?: readonly CooldownRule[]
  /** Absent: `unwanted`, for the organization. */
  suppressAfter?: readonly SuppressRule[]
  identify?: IdentifyOptions
  /** Its attempts are entered into the ledger. */
  ledger?: true
  /** Absent: none. */
  rules?: readonly Rule[]
}

/** A bulk operation on resources. */
export interface OperationSpec extends CommonSpec {
  kind: 'operations'
  type: string
  method: 'create' | 'update' | 'delete'
  /** Key field by which entries are found. */
  field?: string
  /** For update: what to set on every entry. */
  data?: Readonly<Record<string, unknown>>
  /** Fields of the data that only the back end gets to see. */
  secrets?: readonly string[]
  /** What is changed or deleted is kept as it was. */
  keepBefore?: true
  /** Caller ids of campaigns that have not ended are deleted too. */
  allowInUse?: true
  attempts: number
}

export type JobSpec = CallSpec | OperationSpec

/** A job as a worker knows it, at a revision. */
export interface JobContext<Spec extends JobSpec = JobSpec> {
  readonly id: string
  readonly organization: string
  readonly route: string
  readonly revision: number
  readonly spec: Spec
  /** Suppression lists that count for it. */
  readonly suppressions: readonly string[]
}

/** What a worker has to know of a record. */
export function jobContext<Spec extends JobSpec>(record: JobRecord, spec: Spec): JobContext<Spec> {
  const { id, organization, route, revision } = record
  return { id, organization, route, revision, spec, suppressions: listsOf(id, organization) }
}
