import { closeSync, fsyncSync, openSync, writeSync } from 'node:fs'
import type { LedgerEntry } from '../ledger/entry.js'

/**
 * A ledger on disk, one JSON line per entry, only ever appended to. A line is handed to the operating system before the
 * carrier goes on, so it survives the death of the process, and with `fsync` that of the machine.
 */
export class LedgerFile {
  readonly #file: number
  readonly #fsync: boolean

  constructor(path: string, fsync: boolean) {
    this.#file = openSync(path, 'a')
    this.#fsync = fsync
  }

  append(entry: LedgerEntry): void {
    writeSync(this.#file, `${JSON.stringify(entry)}\n`)
    if (this.#fsync) fsyncSync(this.#file)
  }

  close(): void {
    closeSync(this.#file)
  }
}
