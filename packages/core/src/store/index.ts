/**
 * The rules of the storage port, for those who write a store in TypeScript: give them your records as a `Workspace`, and
 * call one rule per method of the port inside one atomic step.
 */

export type { Held, LimitState } from '../limits/holds.js'
export { newLimit, usage } from '../limits/holds.js'
export { control, forgetTold } from './control.js'
export { exchange } from './exchange.js'
export { setLimit } from './gates.js'
export { armTimers, discard, newJob, openBatch, seal, stage } from './intake.js'
export { acknowledgeLedger, leaseLedger } from './ledger.js'
export { editList, listedMember, listState } from './lists.js'
export { nonceOf } from './nonce.js'
export { ENDED, PLACES } from './places.js'
export type * from './records.js'
export { recount } from './recount.js'
export { RefTable } from './ref-table.js'
export { redactReply } from './reply.js'
export { tick } from './tick.js'
export { jobRecord, liveRecord, overdue, placeOf, taskRecord } from './views.js'
export { Waiters } from './waiters.js'
export type * from './workspace.js'
