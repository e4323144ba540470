import { createHash } from 'node:crypto'
import { joined } from './join-modules.js'
import { ASKED_BY_POSITION } from './lua/asked.lua.js'
import { CAPS } from './lua/caps.lua.js'
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
import { STEP } from './lua/step.lua.js'
import { TASKS } from './lua/tasks.lua.js'
import { VIEWS } from './lua/views.lua.js'

/** One script for the server, and the name that it has there once it is known. */
export interface Script {
  readonly text: string
  readonly sha: string
}

/** All that the store does, as a library of functions that the server keeps: it makes what they are made of once. */
export interface Library {
  /** Different for every text: versions of the package are side by side. */
  readonly name: string
  readonly text: string
}

const RECORDS_OF_A_STEP = [ORDERED_SET, RECORDS, PLACES_LUA, LIVE, TASKS, CAPS, LIMITS, LOG]
const RULES = [FAIR_ORDER, GATES, CHANGES, PAYLOADS, LANES, MOVES, PHASES]
const BASIS = [...RECORDS_OF_A_STEP, ...RULES, LISTS, LEDGER]

/** What scripts are made of beside the records and the rules. */
const PARTS = {
  exchange: [ASKED_BY_POSITION, REPORTS, FENCES, CLAIMS, EXCHANGE_LUA],
  jobs: [DEDUP_KEYS, INTAKE, JOBS_LUA, CONTROL, LEDGER_REDACTED, VIEWS],
  settings: [SETTINGS],
  ledger: [LEDGER_PAGES],
  shares: [SHARES],
} as const

/** Of which part each script is. Those that look write nothing. */
const SCRIPTS: Readonly<Record<ScriptName, readonly ['run' | 'look', keyof typeof PARTS]>> = {
  createJob: ['run', 'jobs'],
  openBatch: ['run', 'jobs'],
  stage: ['run', 'jobs'],
  seal: ['run', 'jobs'],
  discard: ['run', 'jobs'],
  purge: ['run', 'jobs'],
  control: ['run', 'jobs'],
  setLimits: ['run', 'settings'],
  setList: ['run', 'settings'],
  getList: ['look', 'settings'],
  scanList: ['look', 'settings'],
  usage: ['look', 'settings'],
  takeLedger: ['run', 'ledger'],
  acknowledgeLedger: ['run', 'ledger'],
  share: ['run', 'shares'],
  exchange: ['run', 'exchange'],
  redact: ['run', 'jobs'],
  overdue: ['run', 'jobs'],
  load: ['look', 'jobs'],
  lookForWork: ['look', 'jobs'],
  getJob: ['look', 'jobs'],
  listJobs: ['look', 'jobs'],
  getTask: ['look', 'jobs'],
  scanTasks: ['look', 'jobs'],
  findTask: ['look', 'jobs'],
  events: ['look', 'jobs'],
  recount: ['look', 'jobs'],
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

/** Runs the script of a name; what it is asked is JSON, but in an exchange. */
function mainOf(name: ScriptName): string {
  return name === 'exchange' ? 'converse()' : `${SCRIPTS[name][0]}(methods.${name})`
}

/** Texts without what is for people. */
function bare(text: string): string {
  return text.replace(/^ *--.*\n/gm, '').replace(/^ +|\n(?=\n)/gm, '')
}

/** What was made already: of each clock module, and there are one or two. */
const madeScripts: Map<string, Script> = new Map()
const madeLibraries: Map<string, Library> = new Map()

/** The script of a name, with the time from where the clock module says: the server's, but for tests. */
export function scriptOf(name: ScriptName, clock: string = SERVER_CLOCK): Script {
  const known = madeScripts.get(name + clock)
  if (known) return known
  const main = `local refused = begin(ALL_KEYS, ALL_ARGV)\nif refused then return refused end\nreturn ${mainOf(name)}\n`
  const all = joined(clock + STEP, BASIS, [{ modules: PARTS[SCRIPTS[name][1]], main }])
  const text = bare(`local ALL_KEYS, ALL_ARGV = KEYS, ARGV\n${all}`)
  const script = { text, sha: createHash('sha1').update(text).digest('hex') }
  madeScripts.set(name + clock, script)
  return script
}

/** The same as functions of a library: `library_script`. */
export function libraryOf(clock: string = SERVER_CLOCK): Library {
  const known = madeLibraries.get(clock)
  if (known) return known
  const names = Object.keys(SCRIPTS) as ScriptName[]
  const parts = Object.entries(PARTS).map(([part, modules]) => {
    const own = names.filter((name) => SCRIPTS[name][1] === part)
    return { modules, main: own.map((name) => `mains.${name} = function() return ${mainOf(name)} end\n`).join('') }
  })
  const all = joined(`${clock}${STEP}local mains = {}\n`, BASIS, [
    ...parts,
    { modules: [], main: 'return begin, mains' },
  ])
  const offers = names.map((name) => `offer('${name}', { ${SCRIPTS[name][0] === 'look' ? "'no-writes'" : ''} })\n`)
  const text = bare(`local function make()\n${all}end\n${OFFER}${offers.join('')}`)
  const name = `outdial_${createHash('sha1').update(text).digest('hex').slice(0, 16)}`
  const library = { name, text: `#!lua name=${name}\nlocal NAME = '${name}_'\n${text}` }
  madeLibraries.set(clock, library)
  return library
}

const OFFER = `
local begin, mains
-- Names a function for what a script does. All is made when the first of them is called: before that there are no libraries.
local function offer(script, flags)
  redis.register_function({
    function_name = NAME .. script,
    callback = function(keys, argv)
      if not mains then begin, mains = make() end
      local refused = begin(keys, argv)
      if refused then return refused end
      return mains[script]()
    end,
    flags = flags,
  })
end
`
