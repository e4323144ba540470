import type { Command } from '../command.js'
import { FORECAST_FLAGS } from './flags.js'

/** `outdial forecast`: what a campaign over a file of contacts would come to. */
export const forecastCommand: Command = {
  name: 'forecast',
  summary: 'say when a campaign would end, and what it would come to',
  synopsis: 'FILE|--job ID --storage WHERE [flags]',
  about: `Looks ahead: runs a campaign over the contacts in FILE, or what remains of one that
is kept, with the real engine, its hours, limits and retries, on a clock that
jumps; three times: as many people answering as --answered says, a fifth fewer,
and a fifth more. Of a campaign that is kept, its own calls so far say how many
answer, unless --answered does. No one is called and nothing is written. For FILE
see: outdial run --help`,
  notes: `Ranges are the least and the most that the three runs came to.

Exit codes: 0 done, 2 bad input, 1 anything unexpected.`,
  flags: FORECAST_FLAGS,
  run: async (args, surroundings) => (await import('./forecast.js')).run(args, surroundings),
}
