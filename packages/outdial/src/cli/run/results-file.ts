import { rmSync } from 'node:fs'
import { type FileHandle, open, realpath, stat } from 'node:fs/promises'
import { extname } from 'node:path'
import { BadInput } from '../exit.js'
import { whyNot } from './file-errors.js'
import { DEFAULTS } from './flags.js'

const FORMATS: Readonly<Record<string, 'csv' | 'jsonl'>> = {
  '.csv': 'csv',
  '.jsonl': 'jsonl',
  '.ndjson': 'jsonl',
  '': 'csv',
}
/** So much text goes to the file at once. */
const PIECE = 65_536

/**
 * The file for the results. It is opened before anybody is called, so that a wrong path is found in time, and emptied
 * only when there are results to put into it.
 */
export class ResultsFile {
  readonly path: string
  readonly format: 'csv' | 'jsonl'
  readonly #file: FileHandle
  /** We made it, and there is nothing in it. */
  #empty: boolean

  private constructor(path: string, format: 'csv' | 'jsonl', file: FileHandle, made: boolean) {
    this.path = path
    this.format = format
    this.#file = file
    this.#empty = made
  }

  /** Opens what `--out` names, or the first free name of our own. Throws `BadInput` when that cannot be. */
  static async open(out: string | undefined, source: string): Promise<ResultsFile> {
    if (out === undefined) return ResultsFile.#free()
    const format = FORMATS[extname(out).toLowerCase()]
    if (format === undefined) throw new BadInput(`--out: results are written as .csv or .jsonl, not ${extname(out)}`)
    const found = await stat(out).catch(() => undefined)
    if (found && (await realpath(out)) === (await realpath(source).catch(() => undefined))) {
      throw new BadInput('--out: that is the file of contacts itself; the results would overwrite it')
    }
    try {
      return new ResultsFile(out, format, await open(out, 'a'), found === undefined)
    } catch (error) {
      const noFolder = (error as NodeJS.ErrnoException).code === 'ENOENT'
      throw new BadInput(`--out: ${out} cannot be written: ${noFolder ? 'there is no such folder' : whyNot(error)}`)
    }
  }

  /** Nobody asked for an older file to be replaced. */
  static async #free(): Promise<ResultsFile> {
    for (let number = 1; ; number++) {
      const path = `${DEFAULTS.results}${number === 1 ? '' : `-${number}`}.csv`
      try {
        return new ResultsFile(path, 'csv', await open(path, 'ax'), true)
      } catch (error) {
        if ((error as NodeJS.ErrnoException).code === 'EEXIST') continue
        throw new BadInput(`${path} cannot be written here: ${whyNot(error)}; name another file with --out`)
      }
    }
  }

  /** Replaces what is in the file. */
  async write(pieces: AsyncIterable<string>): Promise<void> {
    this.#empty = false
    // A device or pipe has no content to replace.
    if ((await this.#file.stat()).isFile()) await this.#file.truncate(0)
    let text = ''
    for await (const piece of pieces) {
      text += piece
      if (text.length < PIECE) continue
      await this.#file.appendFile(text)
      text = ''
    }
    await this.#file.appendFile(text)
    await this.#file.close()
  }

  /** Closes the file, and leaves no empty one behind if there were no results. */
  async discard(): Promise<void> {
    await this.#file.close()
    this.abandon()
  }

  /** The same, for a process that ends at once. */
  abandon(): void {
    if (this.#empty) rmSync(this.path, { force: true })
    this.#empty = false
  }
}
