import type { Arguments } from './args.js'
import type { Screen } from './screen.js'

/** A flag as the help shows it. Without `value` it is a switch. */
export interface Flag {
  readonly name: string
  /** What stands for the value in the help: `NUMBER`. */
  readonly value?: string
  /** What it does, and its default. */
  readonly help: string
}

/** What a command has to do with the world. */
export interface Surroundings {
  readonly stdout: Screen
  readonly stderr: Screen
  readonly version: string
}

/** One word after `outdial`. To add one: a folder with its `command.ts`, and its name in the list of `main.ts`. */
export interface Command {
  readonly name: string
  /** One line, for the list of commands. */
  readonly summary: string
  /** What follows the name: `FILE --from NUMBER [flags]`. */
  readonly synopsis: string
  /** What it does, for its own help, above and below the flags. */
  readonly about: string
  readonly notes?: string
  readonly flags: readonly Flag[]
  /** Answers the exit code. Throws `BadInput` for mistakes of the user. */
  run(args: Arguments, surroundings: Surroundings): Promise<number>
}
