import { type Logger, pino, stdTimeFunctions } from 'pino'
import type { Config } from './config.js'
import { redactor } from './redact.js'

export type { Logger }

/** A log of lines of JSON on standard error, from which phone numbers and secrets are taken out. */
export function openLog(level: Config['log'], secrets: readonly string[]): Logger {
  const clean = redactor(secrets)
  const write = (line: string) => {
    process.stderr.write(clean(line))
  }
  // Text, not digits: a time in milliseconds would look like a phone number.
  return pino(
    { level, base: null, timestamp: stdTimeFunctions.isoTime, formatters: { level: (name) => ({ level: name }) } },
    { write },
  )
}
