import { HELP } from './args.js'
import type { Command } from './command.js'
import { table } from './table.js'

/** Fits the usual terminal. */
const WIDTH = 79

/** What `outdial --help` prints. */
export function overview(commands: readonly Command[]): string {
  const list = table(
    commands.map(({ name, summary }) => [`  ${name}`, summary]),
    { gap: 4 },
  )
  return `Outdial: bulk phone work, embeddable. This command tries campaigns out, and
serves the engine over HTTP. Only \`serve\` calls anyone, through the carriers of
its configuration; \`run\` and \`forecast\` simulate.

Usage: outdial COMMAND [flags]

${list.join('\n')}

outdial COMMAND --help tells more; outdial --version prints the version.

Exit codes: 0 done, 2 bad input, 130 after Ctrl-C, 1 anything unexpected (DEBUG=1
in the environment shows its stack).`
}

/** What `outdial COMMAND --help` prints. */
export function commandHelp({ name, synopsis, about, notes, flags }: Command): string {
  const rows = [...flags, HELP].map(({ name, value = '', help }) => [`  --${name} ${value}`.trimEnd(), help])
  const parts = [`Usage: outdial ${name} ${synopsis}`, about, table(rows, { gap: 3, width: WIDTH }).join('\n'), notes]
  return parts.filter((part) => part !== undefined).join('\n\n')
}
