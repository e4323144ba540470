import type { Command } from '../command.js'
import { RUN_FLAGS } from './flags.js'

/** `outdial run`: a campaign from a file of contacts to a file of results, on a simulated carrier. */
export const runCommand: Command = {
  name: 'run',
  summary: 'run a campaign over a file of contacts, on a simulated carrier',
  synopsis: 'FILE --from NUMBER [flags]',
  about: `Runs a campaign over the contacts in FILE and shows what would come of it.
Calls are simulated: no one is called.

FILE is .csv, .tsv, .txt, .json, .jsonl or .ndjson and has a column "phone"; it
may have "timezone", "attempts", "notBefore" and others. What else it has goes
into the results.`,
  notes: `Ctrl-C stops in good order: no new calls, live ones end, results so far are
written. A second Ctrl-C leaves at once.

--json ends with one line:
  { "job": {"id","state"},
    "rows": {"read","accepted","rejected","duplicates"},
    "tasks": {"total","succeeded","failed","skipped","canceled","expired","open"},
    "calls": {"placed","maxPerTask","byOutcome","cost"} }
read is accepted + rejected + duplicates, total the sum of the others of "tasks",
placed the sum of byOutcome; cost is there with --price or --rates.

Exit codes: 0 done, also when contacts were not reached; 2 bad input; 130 after
Ctrl-C; 1 anything unexpected.`,
  flags: RUN_FLAGS,
  // Engine and all: loaded when it is needed, not for a help text.
  run: async (args, surroundings) => (await import('./run.js')).run(args, surroundings),
}
