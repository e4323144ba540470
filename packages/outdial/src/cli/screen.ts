import type { WriteStream } from 'node:tty'
import { wrapped } from './table.js'

const NARROWEST = 20
/** Where nobody says how wide it is. */
const USUAL = 80

/** A standard stream as something to show text on: a terminal with what it can do, or a file, or a pipe. */
export class Screen {
  readonly #stream: WriteStream
  /** Lines can be redrawn. */
  readonly terminal: boolean
  readonly colors: boolean
  readonly unicode: boolean
  /** Resolves when whoever read the pipe has gone; from then on nothing is written and nothing fails. */
  readonly closed: Promise<void>
  #open = true

  constructor(stream: NodeJS.WriteStream, env: NodeJS.ProcessEnv) {
    this.#stream = stream as unknown as WriteStream
    this.terminal = stream.isTTY === true && env.TERM !== 'dumb'
    // Node's own judgement: NO_COLOR, FORCE_COLOR, TERM.
    this.colors = this.terminal && this.#stream.hasColors()
    this.unicode = /utf-?8/i.test(env.LC_ALL || env.LC_CTYPE || env.LANG || '')
    this.closed = new Promise((resolve) => {
      stream.on('error', (error: NodeJS.ErrnoException) => {
        if (error.code !== 'EPIPE' && error.code !== 'EIO') throw error
        this.#open = false
        resolve()
      })
    })
  }

  /** Columns of the terminal now; without one, no limit. */
  get width(): number {
    if (!this.terminal) return Number.POSITIVE_INFINITY
    return this.#stream.columns > 0 ? Math.max(NARROWEST, this.#stream.columns) : USUAL
  }

  write(text: string): void {
    if (this.#open) this.#stream.write(text)
  }

  line(text = ''): void {
    this.write(`${text}\n`)
  }

  /** A text of any length, broken where the terminal ends. */
  paragraph(text: string): void {
    for (const line of wrapped(text, this.width)) this.line(line)
  }

  bold(text: string): string {
    return this.#styled(text, 1, 22)
  }

  dim(text: string): string {
    return this.#styled(text, 2, 22)
  }

  green(text: string): string {
    return this.#styled(text, 32, 39)
  }

  #styled(text: string, on: number, off: number): string {
    return this.colors && text !== '' ? `\u001B[${on}m${text}\u001B[${off}m` : text
  }
}
