import { parseArgs } from 'node:util'
import type { Command, Flag } from './command.js'
import { BadInput } from './exit.js'
import { nearest } from './nearest.js'

/** What was written after a command, checked against its flags; what the values mean is the command's business. */
export interface Arguments {
  readonly positionals: readonly string[]
  /** Values by flag name; a switch that is on has an empty one. */
  readonly flags: ReadonlyMap<string, string>
}

/** Every command has it. */
export const HELP: Flag = { name: 'help', help: 'This text.' }

/** Reads the words after a command. Throws `BadInput` for a flag that is unknown, lacks its value or is given twice. */
export function parseArguments(words: readonly string[], command: Command): Arguments {
  const known = [...command.flags, HELP]
  const hint = `See: outdial ${command.name} --help`
  const { tokens } = parseArgs({
    args: [...words],
    options: Object.fromEntries(
      known.map(({ name, value }) => [name, { type: value === undefined ? 'boolean' : 'string' }] as const),
    ),
    // Node's own messages name no near flag and say "ambiguous" of a negative number.
    strict: false,
    allowPositionals: true,
    tokens: true,
  })
  const flags = new Map<string, string>()
  const positionals: string[] = []
  for (const token of tokens) {
    if (token.kind === 'positional') positionals.push(token.value)
    if (token.kind !== 'option') continue
    const name = token.rawName === '-h' ? 'help' : token.name
    const flag = token.rawName.startsWith('--') || name === 'help' ? known.find((one) => one.name === name) : undefined
    if (!flag) throw new BadInput(unknownFlag(token.rawName, token.name, known), hint)
    if (flags.has(name)) throw new BadInput(`--${name} is given twice`, hint)
    if (flag.value === undefined && token.value !== undefined) throw new BadInput(`--${name} takes no value`, hint)
    // The next flag is no value; `--name=--value` is, for whoever means it.
    const missing = flag.value !== undefined && (token.value === undefined || isFlag(token.value, token.inlineValue))
    if (missing) throw new BadInput(`--${name} needs a value: --${name} ${flag.value}`, hint)
    flags.set(name, token.value ?? '')
  }
  return { positionals, flags }
}

function isFlag(value: string, inline: boolean | undefined): boolean {
  return !inline && value.startsWith('--')
}

function unknownFlag(raw: string, name: string, known: readonly Flag[]): string {
  const near = nearest(
    name,
    known.map((flag) => flag.name),
  )
  return `there is no flag ${raw}${near === undefined ? '' : `; did you mean --${near}?`}`
}
