import { createHash } from 'node:crypto'
import { joined } from './join-modules.js'
import { ASKED_BY_POSITION } from './lua/asked.lua.js'
import { CHANGES } from './lua/changes.lua.js'
import { CLAIMS } from './lua/claims.lua.js'
import { CONTROL } from './lua/control.lua.js'
import { DEDUP_KEYS } from './lua/dedup-keys.lua.js'
import { EXCHANGE_LUA } from './lua/exchange.lua.js'
import { FAIR_ORDER } from './lua/fair-order.lua.js'
import { FENCES } from './lua/fences.lua.js'
import { GATES } from './lua/gates.lua.js'
import { INTAKE } from './lua/intake.lua.js'
import { JOBS_LUA } from './lua/jobs.lua.js'
import { LANES } from './lua/lanes.lua.js'
import { LEDGER, LEDGER_PAGES, LEDGER_REDACTED } from './lua/ledger.lua.js'
import { LIMITS } from './lua/limits.lua.js'
import { LISTS } from './lua/lists.lua.js'
import { LIVE } from './lua/live.lua.js'
import { LOG } from './lua/log.lua.js'
import { MOVES } from './lua/moves.lua.js'
import { ORDERED_SET } from './lua/ordered-set.lua.js'
import { PAYLOADS } from './lua/payloads.lua.js'
import { PHASES } from './lua/phases.lua.js'
import { PLACES_LUA } from './lua/places.lua.js'
import { RECORDS } from './lua/records.lua.js'
import { REPORTS } from './lua/reports.lua.js'
import { SERVER_CLOCK } from './lua/server-clock.lua.js'
import { SETTINGS } from './lua/settings.lua.js'
import { SHARES } from './lua/shares.lua.js'
import { ASKED, STEP } from './lua/step.lua.js'
import { TASKS } from './lua/tasks.lua.js'
import { VIEWS } from './lua/views.lua.js'

/** One script for the server, and the name that it has there once it is known. */
export interface Script {
  readonly text: string
  readonly sha: string
}

const RECORDS_OF_A_STEP = [ORDERED_SET, RECORDS, PLACES_LUA, LIVE, TASKS, LIMITS, LOG]
const RULES = [FAIR_ORDER, GATES, CHANGES, PAYLOADS, LANES, MOVES, PHASES]
const EXCHANGE = [LISTS, LEDGER, ASKED_BY_POSITION, REPORTS, FENCES, CLAIMS, EXCHANGE_LUA]
const JOBS = [ASKED, DEDUP_KEYS, INTAKE, JOBS_LUA]
const LOOKS = [...JOBS, VIEWS]
const LISTING = [ASKED, LISTS, SETTINGS]
const HANDING = [ASKED, LEDGER, LEDGER_PAGES]

/** What each script is made of beside the records and the rules, and what it does. */
const SCRIPTS: Readonly<Record<ScriptName, readonly [readonly string[], string]>> = {
  createJob: [JOBS, 'run(methods.createJob)'],
  openBatch: [JOBS, 'run(methods.openBatch)'],
  stage: [JOBS, 'run(methods.stage)'],
  seal: [JOBS, 'run(methods.seal)'],
  discard: [JOBS, 'run(methods.discard)'],
  purge: [JOBS, 'run(methods.purge)'],
  control: [[...JOBS, CONTROL], 'run(methods.control)'],
  setLimits: [LISTING, 'run(methods.setLimits)'],
  setList: [LISTING, 'run(methods.setList)'],
  getList: [LISTING, 'look(methods.getList)'],
  scanList: [LISTING, 'look(methods.scanList)'],
  usage: [LISTING, 'look(methods.usage)'],
  takeLedger: [HANDING, 'run(methods.takeLedger)'],
  acknowledgeLedger: [HANDING, 'run(methods.acknowledgeLedger)'],
  share: [[ASKED, SHARES], 'run(methods.share)'],
  exchange: [EXCHANGE, 'converse()'],
  redact: [[...JOBS, LEDGER, LEDGER_REDACTED, VIEWS], 'run(methods.redact)'],
  overdue: [LOOKS, 'run(methods.overdue)'],
  load: [LOOKS, 'look(methods.loadLives)'],
  lookForWork: [LOOKS, 'look(methods.lookForWork)'],
  getJob: [LOOKS, 'look(methods.getJob)'],
  listJobs: [LOOKS, 'look(methods.listJobs)'],
  getTask: [LOOKS, 'look(methods.getTask)'],
  scanTasks: [LOOKS, 'look(methods.scanTasks)'],
  findTask: [LOOKS, 'look(methods.findTask)'],
  events: [LOOKS, 'look(methods.events)'],
  recount: [LOOKS, 'look(methods.recount)'],
}

/** Names of the scripts: one for each method of the port, and for what shards tell each other. */
export type ScriptName =
  | 'createJob'
  | 'openBatch'
  | 'stage'
  | 'seal'
  | 'discard'
  | 'purge'
  | 'control'
  | 'setLimits'
  | 'setList'
  | 'getList'
  | 'scanList'
  | 'usage'
  | 'takeLedger'
  | 'acknowledgeLedger'
  | 'share'
  | 'exchange'
  | 'redact'
  | 'overdue'
  | 'load'
  | 'lookForWork'
  | 'getJob'
  | 'listJobs'
  | 'getTask'
  | 'scanTasks'
  | 'findTask'
  | 'events'
  | 'recount'

/** All scripts, with the time from where the clock module says: the server's, but for tests. */
export function scripts(clock: string = SERVER_CLOCK): Readonly<Record<ScriptName, Script>> {
  const made = Object.entries(SCRIPTS).map(([name, [parts, main]]) => {
    const text = joined(clock + STEP, [...RECORDS_OF_A_STEP, ...RULES, ...parts], main)
    return [name, { text, sha: createHash('sha1').update(text).digest('hex') }]
  })
  return Object.fromEntries(made) as Record<ScriptName, Script>
}
