import type { Screen } from './screen.js'

/** What is going on, in the forms in which it can be shown. */
export interface View {
  /** How much is done, 0 to 1, if anyone can say. */
  done(): number | undefined
  /** For a terminal: a few lines that fit its width. */
  lines(screen: Screen): readonly string[]
  /** For a file or pipe: one line. */
  plain(): string
}

/** Redraws on a terminal, in real milliseconds. */
const FRAME = 100
/** Elsewhere a line each tenth of the whole, and after so long without one: first often, then ever more rarely. */
const FIRST = 2_000
const RAREST = 60_000

const HIDE = '\u001B[?25l'
const SHOW = '\u001B[?25h'

/**
 * Shows a view while something goes on: redrawn in place on a terminal, as lines now and then elsewhere. It runs on real
 * time, whatever clock the work is on.
 */
export class Progress {
  readonly #screen: Screen
  #view: View | undefined
  #timer: ReturnType<typeof setInterval> | undefined
  /** Lines on the terminal that the next frame replaces. */
  #drawn = 0
  #tenth = 0
  #shownAt = 0
  #interval = FIRST
  #shown = ''

  constructor(screen: Screen) {
    this.#screen = screen
  }

  /** Begins to show a view, in place of any other. */
  follow(view: View): void {
    this.stop(false)
    this.#view = view
    this.#tenth = 0
    this.#interval = FIRST
    this.#shownAt = performance.now()
    this.#timer = setInterval(() => this.#frame(), FRAME)
    this.#timer.unref()
    if (!this.#screen.terminal) return
    process.on('exit', this.#restore)
    this.#screen.write(HIDE)
    this.#draw()
  }

  /** Writes a line without disturbing what is shown. */
  note(text: string): void {
    this.#erase()
    this.#screen.line(text)
    if (this.#timer !== undefined) this.#draw()
  }

  /** Shows how it ended, and no more. Without `last`, what was shown goes. */
  stop(last = true): void {
    if (this.#timer === undefined) return
    clearInterval(this.#timer)
    this.#timer = undefined
    if (!this.#screen.terminal) {
      if (last) this.#say()
      return
    }
    if (last) {
      this.#draw()
      this.#screen.line()
      this.#drawn = 0
    }
    this.#erase()
    this.#restore()
  }

  /** Also when the process ends without having stopped: a terminal without cursor is a nuisance. */
  readonly #restore = (): void => {
    process.off('exit', this.#restore)
    this.#screen.write(SHOW)
  }

  #frame(): void {
    if (this.#screen.terminal) {
      this.#draw()
      return
    }
    const tenth = Math.floor((this.#view?.done() ?? 0) * 10)
    const due = performance.now() - this.#shownAt >= this.#interval
    if (tenth <= this.#tenth && !due) return
    if (tenth <= this.#tenth) this.#interval = Math.min(RAREST, this.#interval * 2)
    this.#tenth = tenth
    this.#say()
  }

  #say(): void {
    const text = this.#view?.plain() ?? ''
    this.#shownAt = performance.now()
    if (text !== this.#shown) this.#screen.line(text)
    this.#shown = text
  }

  #draw(): void {
    if (!this.#screen.terminal || !this.#view) return
    const lines = this.#view.lines(this.#screen)
    this.#screen.write(`${this.#back()}${lines.join('\n')}`)
    this.#drawn = lines.length
  }

  #erase(): void {
    this.#screen.write(this.#back())
    this.#drawn = 0
  }

  /** To where the frame begins, and clear of it: in one write with the next frame, or it flickers. */
  #back(): string {
    return this.#drawn === 0 ? '' : `\r${'\u001B[1A'.repeat(this.#drawn - 1)}\u001B[J`
  }
}
