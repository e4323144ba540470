export type { BreakerOptions } from './breaker/breaker-options.js'
export type { CallerIdOwner, CallerIds, CallerIdUsage } from './caller-ids/caller-ids.js'
export type { ClosedCallerId, ClosedReason } from './caller-ids/closures.js'
export type { CallerIdLimits, CallerIdOptions } from './caller-ids/pool-options.js'
export type { QuarantineOptions } from './caller-ids/quarantine.js'
export type { Calls } from './calls/calls.js'
export type {
  CallbackAnswer,
  CallbackRefusal,
  Disposition,
  OptOut,
  OptOutList,
  Reported,
} from './calls/disposition.js'
export type { CallRecord } from './calls/live-call.js'
export { Engine, type StopReport } from './engine/engine.js'
export type { AnyCarrier, Carriers, EngineOptions } from './engine/options.js'
export type { Erased, EraseOptions } from './erasure/erasure.js'
export * from './errors/codes.js'
export * from './errors/outdial-error.js'
export type { Listener, Unsubscribe } from './events/emitter.js'
export type * from './events/event-map.js'
export type { CallerIdBlock, DialBlock, DialBlockCode, Ending } from './foresight/blocks.js'
export type { Coming, ExplainedAttempt, Explanation, RecordedDecision, Standing } from './foresight/explanation.js'
export type { JobSeed, SeedOptions, SeedTask } from './foresight/job-seed.js'
export type { Preflight, PreflightCost, PreflightOptions } from './foresight/preflight.js'
export type { PreflightExample, PreflightReason } from './foresight/reason-tally.js'
export type { AppendOptions, CallJob, CancelOptions } from './jobs/call-job.js'
export type { CallJobChanges, CallJobOptions, CallPolicyOptions } from './jobs/call-options.js'
export type { JobLogEntry } from './jobs/event-view.js'
export type { ExpectCount } from './jobs/expected-count.js'
export type { LimitScope, ScopeLimits } from './jobs/gates.js'
export type { IntakeReport, RowIssue, RowReport } from './jobs/intake-report.js'
export type { IfRevision, JobHandle } from './jobs/job-handle.js'
export type { JobList, JobListQuery } from './jobs/list-jobs.js'
export { csvCell } from './jobs/results.js'
export type { Hindrance, JobSnapshot } from './jobs/snapshot.js'
export type { CallSpec, JobSpec, OperationSpec } from './jobs/spec.js'
export type { SuppressionScope } from './jobs/suppression-lists.js'
export type { CallTaskSnapshot } from './jobs/task-view.js'
export * from './lifecycle/call.js'
export * from './lifecycle/job.js'
export * from './lifecycle/outcome.js'
export * from './lifecycle/ref.js'
export * from './lifecycle/table.js'
export * from './lifecycle/task.js'
export type { Budget, BudgetOptions, JobMoney, Reservation } from './money/budget.js'
export type { CallTerms } from './money/charge.js'
export {
  type CostAssumptions,
  type CostEstimate,
  type CostRange,
  type EstimateInput,
  estimateCost,
} from './money/estimate.js'
export { type ParsedRate, type Rate, type RateSheet, type RateTable, rateTable } from './money/rates.js'
export type { RouteRates } from './money/route-rates.js'
export type { CallerIdSharing, CallerIdUse } from './operations/caller-id-pool.js'
export { type JsonObject, sameJson } from './operations/json.js'
export type { OperationRecord } from './operations/live-operation.js'
export type { ItemQuery, OperationJob } from './operations/operation-job.js'
export type {
  CreateOperationOptions,
  DeleteOperationOptions,
  OperationEntries,
  OperationEntry,
  OperationJobOptions,
  UpdateOperationOptions,
} from './operations/operation-options.js'
export type { OperationItem } from './operations/operation-view.js'
export type { Operations } from './operations/operations.js'
export type { PlannedChange, PlanSummary } from './operations/plan.js'
export type { BlackoutOptions } from './policy/blackouts.js'
export type { Blackout, CallingWindow } from './policy/calling-window.js'
export type { CapOptions } from './policy/caps.js'
export type { CooldownOptions, CooldownSubject } from './policy/cooldowns.js'
export type { DialRecord, DialRule } from './policy/decide.js'
export { type Duration, formatDuration, parseDuration } from './policy/duration.js'
export { formatInstant } from './policy/instant.js'
export type { DayPart, RetryAnotherTime, RetryableOutcome, RetryOptions, RetryRule } from './policy/retry-options.js'
export type { Rule, RuleSet } from './policy/rules/rule-set.js'
export { type AppliedRules, rulesFor } from './policy/rules/rules-for.js'
export { resolveSchedule, type ScheduleTime } from './policy/schedule.js'
export type { CapSubject, IdentifyOptions } from './policy/subjects.js'
export type { SuppressAfterOptions, SuppressList } from './policy/suppress-after.js'
export { parseWindow, type WindowOptions } from './policy/window-options.js'
export { isZone } from './policy/zone.js'
export type * from './ports/account-problem.js'
export type * from './ports/accounts.js'
export type * from './ports/carrier.js'
export type * from './ports/clock.js'
export type * from './ports/contacts.js'
export type * from './ports/directory.js'
export type * from './ports/ids.js'
export type * from './ports/ledger.js'
export type * from './ports/resources.js'
export * from './ports/storage.js'
export type * from './ports/storage-exchange.js'
export type * from './ports/storage-intake.js'
export * from './ports/storage-jobs.js'
export type * from './ports/storage-limits.js'
export type * from './ports/storage-read.js'
export type * from './ports/zones.js'
export type { SuppressionAddOptions, SuppressionNumbers, SuppressionVersion } from './suppression/options.js'
export type { Replaced } from './suppression/replace.js'
export type {
  Suppression,
  SuppressionEntry,
  SuppressionSummary,
  SuppressionVerdict,
} from './suppression/suppression.js'
