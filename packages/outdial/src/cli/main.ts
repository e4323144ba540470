import { parseArguments } from './args.js'
import type { Command } from './command.js'
import { BadInput, EXIT } from './exit.js'
import { explainCommand } from './explain/command.js'
import { forecastCommand } from './forecast/command.js'
import { commandHelp, overview } from './help.js'
import { nearest } from './nearest.js'
import { preflightCommand } from './preflight/command.js'
import { runCommand } from './run/command.js'
import { Screen } from './screen.js'
import { serveCommand } from './serve/command.js'
import { printable } from './wording.js'

const COMMANDS: readonly Command[] = [runCommand, preflightCommand, forecastCommand, explainCommand, serveCommand]

/** The `outdial` command: answers the exit code, and never throws. */
export async function main(words: readonly string[], version: string): Promise<number> {
  const stdout = new Screen(process.stdout, process.env)
  const stderr = new Screen(process.stderr, process.env)
  // What a timer throws reaches nobody else.
  const die = (error: unknown): void => process.exit(complain(error, stderr))
  process.on('uncaughtException', die).on('unhandledRejection', die)
  try {
    const [name = '', ...rest] = words
    if (name === '--help' || name === '-h' || name === 'help') stdout.line(overview(COMMANDS))
    else if (name === '--version' || name === '-v') stdout.line(version)
    else {
      const command = commandOf(name)
      const args = parseArguments(rest, command)
      if (!args.flags.has('help')) return await command.run(args, { stdout, stderr, version })
      stdout.line(commandHelp(command))
    }
    return EXIT.done
  } catch (error) {
    return complain(error, stderr)
  }
}

function commandOf(name: string): Command {
  const command = COMMANDS.find((one) => one.name === name)
  if (command) return command
  const names = COMMANDS.map((one) => one.name)
  const hint = 'See: outdial --help'
  if (name === '') throw new BadInput(`a command is missing; there is ${names.join(', ')}`, hint)
  const near = nearest(name, names)
  const advice = near === undefined ? `; there is ${names.join(', ')}` : `; did you mean ${near}?`
  throw new BadInput(
    name.startsWith('-') ? `the command comes first, then ${name}` : `there is no command ${name}${advice}`,
    hint,
  )
}

/** Says what went wrong, and answers the exit code for it. */
function complain(error: unknown, stderr: Screen): number {
  if (error instanceof BadInput) {
    stderr.line(`outdial: ${lines(error.message)}`)
    if (error.hint !== undefined) stderr.line(error.hint)
    return EXIT.badInput
  }
  const { code, message, stack }: NodeJS.ErrnoException = error instanceof Error ? error : new Error(String(error))
  const named = code === undefined ? '' : ` (${code})`
  stderr.line(`outdial: unexpected error${named}: ${lines(message)}`)
  stderr.line(process.env.DEBUG ? String(stack) : 'DEBUG=1 in the environment shows where it comes from.')
  return EXIT.unexpected
}

/** Some messages have several lines: only what is in them may not be printable. */
function lines(message: string): string {
  return message.split('\n').map(printable).join('\n')
}
