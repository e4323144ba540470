import type { Command } from '../command.js'
import { STORED_FLAGS } from '../stored/flags.js'

/** `outdial explain`: why one contact was called, was not, or will be. */
export const explainCommand: Command = {
  name: 'explain',
  summary: 'say why a contact was called, was not, or will be',
  synopsis: 'NUMBER --job ID --storage WHERE [flags]',
  about: `Explains one contact of a campaign that is kept: every call, what was decided
before it and what followed, and if it waits, everything that says no, until when,
and when it may be dialed next. Nothing is changed.`,
  notes: `NUMBER is the phone number with +, or the contact's position, from 0.

Exit codes: 0 done, 2 bad input, 1 anything unexpected.`,
  flags: [...STORED_FLAGS, { name: 'json', help: 'Standard output is one line of JSON.' }],
  run: async (args, surroundings) => (await import('./explain.js')).run(args, surroundings),
}
