import { POLICY_FLAGS } from '../campaign/flags.js'
import type { Flag } from '../command.js'

/** What is taken where a flag is left out. */
export const DEFAULTS = { concurrency: 50, attempts: 3, timezone: 'UTC', results: 'results' } as const

/** The flags of `outdial run`, in the order of its help. */
export const RUN_FLAGS: readonly Flag[] = [
  { name: 'from', value: 'NUMBER', help: 'Your caller id, with + and country code; several with commas. Required.' },
  { name: 'concurrency', value: 'N', help: `Calls at once. Default ${DEFAULTS.concurrency}.` },
  { name: 'cps', value: 'N', help: 'New calls per second; fractions are fine. Default: no limit.' },
  {
    name: 'attempts',
    value: 'N',
    help: `Calls per contact: busy and no_answer are called again after 5, then 30 minutes. Default ${DEFAULTS.attempts}.`,
  },
  {
    name: 'window',
    value: 'HOURS',
    help: `When people may be called, by their own clocks: 'mon-fri 09:00-20:00; sat 10:00-16:00'. Default: always.`,
  },
  {
    name: 'timezone',
    value: 'ZONE',
    help: `Zone of contacts that have none of their own and whose number tells none, such as America/New_York. Default ${DEFAULTS.timezone}.`,
  },
  {
    name: 'region',
    value: 'REGION',
    help: 'Read numbers without + as people of this region write them, such as US. Default: reject them.',
  },
  ...POLICY_FLAGS,
  {
    name: 'seed',
    value: 'SEED',
    help: 'With --speed max, the same seed is the same run. Default: drawn, and printed.',
  },
  {
    name: 'speed',
    value: 'N|max',
    help: 'Simulated time: N times as fast as real time, or as fast as it can. Default: real time.',
  },
  {
    name: 'storage',
    value: 'memory|file:PATH',
    help: 'Where the campaign is kept. With file:PATH, a folder, the same command goes on with it after a crash or Ctrl-C. Default memory, which forgets.',
  },
  {
    name: 'out',
    value: 'PATH',
    help: `Results, a line for each contact, as .csv or .jsonl. Default ${DEFAULTS.results}.csv, or ${DEFAULTS.results}-2.csv if that exists, and so on.`,
  },
  {
    name: 'ledger',
    value: 'FILE',
    help: 'Record of every attempt, a line of JSON each, added to the file. Default: none.',
  },
  { name: 'json', help: 'Standard output is one line of JSON, at the end; all else goes to standard error.' },
]
