import { constants } from 'node:os'

/** Exit codes of every command. A signal gives 128 and its number, as shells have it: 130 after Ctrl-C. */
export const EXIT = { done: 0, unexpected: 1, badInput: 2 } as const

/** The exit code of a process that a signal has ended. */
export function exitCodeOf(signal: NodeJS.Signals): number {
  return 128 + constants.signals[signal]
}

/** The user's mistake: the message is all they see. `hint`, on a line of its own, says where to look. */
export class BadInput extends Error {
  readonly hint: string | undefined

  constructor(message: string, hint?: string) {
    super(message)
    this.name = 'BadInput'
    this.hint = hint
  }
}
