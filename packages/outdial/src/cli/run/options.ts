import { randomInt } from 'node:crypto'
import type { WindowOptions } from '@outdial/core'
import type { Arguments } from '../args.js'
import type { CampaignOptions } from '../campaign/policy.js'
import { BadInput } from '../exit.js'
import { callerIds, callingWindow, callsPerSecond, decimal, refuse, region, wholeNumber, zone } from '../flag-values.js'
import { DEFAULTS } from './flags.js'

/** What a run is to be: every flag checked, so that nothing is found wrong later. */
export interface RunOptions {
  file: string
  from: string | readonly string[]
  concurrency: number
  attempts: number
  timezone: string
  seed: number | string
  /** Real time if absent; `Infinity` for max. */
  speed?: number
  cps?: number
  window?: WindowOptions
  region?: string
  /** File to which a record of every attempt is added. */
  ledger?: string
  out?: string
  /** The folder that the campaign is kept in; in memory if absent. */
  folder?: string
  json: boolean
}

/**
 * Reads and checks the flags of `outdial run`. Throws `BadInput` naming the flag. What they leave out, the file of `--options` may have said;
 * whether that is any good the engine says.
 */
export function runOptions({ positionals, flags }: Arguments, said: CampaignOptions = {}): RunOptions {
  const hint = 'See: outdial run --help'
  const [file, more] = positionals
  if (file === undefined || file === '') throw new BadInput('run needs a FILE of contacts', hint)
  if (more !== undefined) throw new BadInput(`run takes one FILE; there are ${file} and ${more}`, hint)
  const given = <T>(name: string, read: (text: string, flag: string) => T): T | undefined => {
    const text = flags.get(name)
    return text === undefined ? undefined : read(text, `--${name}`)
  }
  const home = given('region', region)
  const from = given('from', callerIds(home))
  if (from === undefined) throw new BadInput('--from is missing: your caller id, such as --from +12025550100', hint)
  const options: RunOptions = {
    file,
    from,
    concurrency: given('concurrency', wholeNumber(1_000_000)) ?? said.concurrency ?? DEFAULTS.concurrency,
    attempts: given('attempts', wholeNumber(1000)) ?? said.attempts ?? DEFAULTS.attempts,
    timezone: given('timezone', zone) ?? said.timezone ?? DEFAULTS.timezone,
    seed: given('seed', seed) ?? randomInt(1, 1_000_000),
    json: flags.has('json'),
  }
  const optional = {
    speed: given('speed', speed),
    cps: given('cps', callsPerSecond) ?? said.cps ?? undefined,
    window: given('window', callingWindow) ?? said.window ?? undefined,
    region: home,
    folder: given('storage', storage),
    ledger: given('ledger', (text, flag) => text || refuse(flag, 'names no file')),
    out: given('out', (text, flag) => text || refuse(flag, 'names no file')),
  }
  for (const [name, value] of Object.entries(optional))
    if (value !== undefined) Object.assign(options, { [name]: value })
  return options
}

function speed(text: string, flag: string): number {
  if (text === 'max') return Number.POSITIVE_INFINITY
  const number = decimal(text)
  return number > 0 && number < Number.POSITIVE_INFINITY
    ? number
    : refuse(flag, `'${text}' is neither a number above 0 nor max`)
}

/** The folder, or `undefined` for memory. */
function storage(text: string, flag: string): string | undefined {
  if (text === 'memory') return undefined
  const path = text.startsWith('file:') ? text.slice('file:'.length) : ''
  return path || refuse(flag, `'${text}' is neither memory nor file: and the path of a folder`)
}

/** The simulation tells numbers and texts apart; who writes `7` means the number. */
function seed(text: string, flag: string): number | string {
  if (text === '') refuse(flag, 'is empty')
  return /^(0|[1-9]\d{0,14})$/.test(text) ? Number(text) : text
}
