import type { Command } from '../command.js'
import { PREFLIGHT_FLAGS } from './flags.js'

/** `outdial preflight`: what would become of every contact, before anything rings. */
export const preflightCommand: Command = {
  name: 'preflight',
  summary: 'say whom a campaign would call now, later and never, and why',
  synopsis: 'FILE|--job ID --storage WHERE [flags]',
  about: `Looks at every contact that waits, of a file or of a campaign that is kept, and
says how many would be dialed, deferred, skipped or stuck, by reason: by the rules
that decide about each call, and by the lists, caps and limits of the store. No
one is called and nothing is changed. For FILE see: outdial run --help`,
  notes: `It says what is true at the moment it is taken.

Exit codes: 0 done, 2 bad input, 1 anything unexpected.`,
  flags: PREFLIGHT_FLAGS,
  run: async (args, surroundings) => (await import('./preflight.js')).run(args, surroundings),
}
