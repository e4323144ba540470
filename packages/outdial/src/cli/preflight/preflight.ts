import { basename } from 'node:path'
import { type CallSpec, type IntakeReport, isOutdialError, type Preflight } from '@outdial/core'
import { simulatedCarrier } from '@outdial/simulation'
import { createEngine } from '../../create-engine.js'
import type { Arguments } from '../args.js'
import { policyWish, ratesOf } from '../campaign/policy.js'
import type { Surroundings } from '../command.js'
import { defined } from '../defined.js'
import { BadInput, EXIT } from '../exit.js'
import { callingWindow, region, wholeNumber, zone } from '../flag-values.js'
import { DEFAULTS } from '../forecast/flags.js'
import { SOMEBODY } from '../forecast/options.js'
import { asBadInput, contactRows } from '../run/source.js'
import { suppressFile } from '../run/suppress.js'
import { openStored } from '../stored/open.js'
import { counted, printable } from '../wording.js'
import { FILE_FLAGS } from './flags.js'
import { report } from './report.js'

/** What was found, and how to say it. */
interface Taken {
  readonly told: Preflight
  readonly intake?: IntakeReport
  readonly name: string
  readonly timezone: string
}

/** See `preflightCommand`. */
export async function run(args: Arguments, { stdout }: Surroundings): Promise<number> {
  const { told, intake, name, timezone } = await taken(args)
  if (args.flags.has('json')) {
    const { read, accepted, rejectedRows: rejected, duplicateRows: duplicates } = intake ?? {}
    stdout.line(JSON.stringify({ ...(intake && { rows: { read, accepted, rejected, duplicates } }), ...told }))
    return EXIT.done
  }
  stdout.paragraph(`${printable(name)}: a preflight. No one is called.`)
  for (const line of report(stdout, told, intake, timezone)) stdout.line(line)
  return EXIT.done
}

function taken(args: Arguments): Promise<Taken> {
  const { positionals, flags } = args
  const hint = 'See: outdial preflight --help'
  const [file, more] = positionals
  const kept = flags.has('job') || flags.has('storage')
  if (more !== undefined) throw new BadInput(`preflight takes one FILE; there are ${file} and ${more}`, hint)
  if (file !== undefined && kept) throw new BadInput('preflight takes a FILE, or --job and --storage, not both', hint)
  if (file !== undefined) return ofFile(file, flags)
  if (!kept) throw new BadInput('preflight needs a FILE of contacts, or --job and --storage', hint)
  const other = FILE_FLAGS.find((name) => flags.has(name))
  if (other !== undefined) throw new BadInput(`--${other} is for a FILE; a campaign that is kept says it itself`, hint)
  return ofJob(flags)
}

async function ofJob(flags: Arguments['flags']): Promise<Taken> {
  const { job, name, close } = await openStored(flags.get('storage'), flags.get('job'), await ratesOf(flags))
  try {
    const { spec, name: called } = await job.snapshot()
    return {
      told: await job.preflight(),
      name: `${called} (${job.id} in ${name})`,
      timezone: (spec as CallSpec).timezone,
    }
  } finally {
    await close()
  }
}

async function ofFile(file: string, flags: Arguments['flags']): Promise<Taken> {
  const given = <T>(name: string, read: (text: string, flag: string) => T): T | undefined => {
    const text = flags.get(name)
    return text === undefined ? undefined : read(text, `--${name}`)
  }
  const flagged = {
    timezone: given('timezone', zone),
    attempts: given('attempts', wholeNumber(1000)),
    window: given('window', callingWindow),
    defaultRegion: given('region', region),
  }
  const { options: said, saidBy, rates, budget, suppress } = await policyWish(flags)
  const options = { attempts: DEFAULTS.attempts, ...said, ...defined(flagged) }
  const timezone = flagged.timezone ?? said.timezone ?? DEFAULTS.timezone
  const engine = createEngine({
    carriers: { simulated: simulatedCarrier({ ledger: false }) },
    ...(rates && { rates: { simulated: rates } }),
  })
  try {
    const during = <T>(work: () => Promise<T>): Promise<T> => work()
    if (suppress !== undefined) await suppressFile({ engine, during }, suppress, flagged.defaultRegion)
    const job = await engine.calls.create({
      ...options,
      timezone,
      ...(budget && { budget }),
      name: basename(file).slice(0, 200),
      carrier: 'simulated',
      from: SOMEBODY,
      contacts: contactRows(file),
      start: flags.get('start') ?? 'draft',
    })
    return { told: await job.preflight(), intake: job.intake, name: basename(file), timezone }
  } catch (error) {
    if (isOutdialError(error, 'no_contacts')) {
      const { read } = error.details.report as IntakeReport
      throw new BadInput(`${file}: not one of its ${counted(read, 'row')} can be called`)
    }
    throw asBadInput(error, file, saidBy)
  } finally {
    await engine.abandon()
  }
}
