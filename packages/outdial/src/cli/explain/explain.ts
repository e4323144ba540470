import { type CallSpec, isOutdialError } from '@outdial/core'
import type { Arguments } from '../args.js'
import type { Surroundings } from '../command.js'
import { BadInput, EXIT } from '../exit.js'
import { openStored } from '../stored/open.js'
import { lines } from './report.js'

/** See `explainCommand`. */
export async function run({ positionals, flags }: Arguments, { stdout }: Surroundings): Promise<number> {
  const hint = 'See: outdial explain --help'
  const [which, more] = positionals
  if (which === undefined) throw new BadInput('explain needs the NUMBER of a contact', hint)
  if (more !== undefined) throw new BadInput(`explain takes one NUMBER; there are ${which} and ${more}`, hint)
  const phone = /^\+\d{4,15}$/.test(which)
  if (!phone && !/^\d{1,9}$/.test(which)) {
    throw new BadInput(`'${which}' is neither a phone number with + nor the position of a contact`, hint)
  }
  const { job, close } = await openStored(flags.get('storage'), flags.get('job'))
  try {
    const told = await job.explain(phone ? which : Number(which))
    if (flags.has('json')) {
      stdout.line(JSON.stringify(told))
      return EXIT.done
    }
    const { spec } = await job.snapshot()
    for (const line of lines(told, (spec as CallSpec).timezone)) stdout.line(line)
    return EXIT.done
  } catch (error) {
    throw isOutdialError(error, 'task_not_found') ? new BadInput(error.message) : error
  } finally {
    await close()
  }
}
