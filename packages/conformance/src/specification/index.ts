import { CLAIMS, EXCHANGE, FENCES } from './exchange.js'
import { INTAKE } from './intake.js'
import { JOBS, MANIFEST } from './jobs.js'
import { DURABLE, SHARED, WHATEVER } from './levels.js'
import { LIFE, LOOKING, WAITING } from './life.js'
import { LIMITS, REPORTS } from './limits.js'
import { LEDGER, LISTS, MIXED, USAGE } from './people.js'
import { FAIR, PACED, READING, REMOVAL } from './reading.js'
import type { Area } from './rule.js'

/** Every rule of the storage port, by subject: what a store MUST do. `docs/storage-specification.md` is made of it. */
export const SPECIFICATION: readonly Area[] = [
  MANIFEST,
  JOBS,
  INTAKE,
  EXCHANGE,
  CLAIMS,
  FENCES,
  LIMITS,
  REPORTS,
  LIFE,
  WAITING,
  LOOKING,
  READING,
  REMOVAL,
  PACED,
  FAIR,
  SHARED,
  DURABLE,
  WHATEVER,
  LISTS,
  USAGE,
  LEDGER,
  MIXED,
]
