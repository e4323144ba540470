export { type SimulatedCarrier, simulatedCarrier } from './carrier/carrier.js'
export type { Range } from './carrier/draws.js'
export type { EventFault, Fault, Faults } from './carrier/faults.js'
export type { SimulatedCarrierOptions } from './carrier/options.js'
export {
  type CallScript,
  DEFAULT_OUTCOMES,
  type DecideOutcome,
  type OutcomeMix,
  type RefusalScript,
  type ReportableOutcome,
} from './carrier/outcomes.js'
export { DEFAULT_START, type VirtualClockOptions } from './clock/options.js'
export { type TimerReport, type VirtualClock, virtualClock } from './clock/virtual-clock.js'
export type {
  InventoryFaults,
  InventoryRequest,
  InventorySearch,
  ItemFailure,
  NumberFields,
} from './inventory/faults.js'
export { type SimulatedInventory, simulatedInventory } from './inventory/inventory.js'
export type { CreatedTwice, InventoryEntry, InventoryKind, InventoryLedger } from './inventory/inventory-ledger.js'
export type { SimulatedInventoryOptions } from './inventory/options.js'
export { type CallTwice, type Counting, calledTwice, maxLive, maxStarts, placements } from './ledger/analysis.js'
export { type LedgerEntry, type LedgerKind, readLedger } from './ledger/entry.js'
export type { Ledger } from './ledger/ledger.js'
export { seededIds } from './random/seeded-ids.js'
export { seededRandom } from './random/seeded-random.js'
