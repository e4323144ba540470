import type { StoredEventData, Terminal } from '@outdial/core'

type Data<Type extends StoredEventData['type']> = Extract<StoredEventData, { type: Type }>

/** What a row is: nothing, an event as it was given, or one of those that every call makes, in columns. */
const KIND = { none: 0, whole: 1, fenced: 2, progress: 3, closed: 4, ended: 5 } as const

/** Texts of a row. */
const WIDTH = 3

/**
 * Events in rows of numbers and texts. An object for each of a call's events would outlive the garbage collector's young
 * generation, only to be thrown away a thousand calls later: keeping them in columns makes a call a fifth cheaper.
 */
export class EventColumns {
  readonly size: number
  readonly #kind: Uint8Array
  readonly #at: Float64Array
  readonly #index: Uint32Array
  /** The choice of a fence; of a closed call, whether it was placed. */
  readonly #small: Int32Array
  /** When a fenced call starts; when the task of a closed one is due again, `NaN` for not at all. */
  readonly #time: Float64Array
  readonly #cells: (string | StoredEventData | undefined)[]

  constructor(size: number) {
    this.size = size
    this.#kind = new Uint8Array(size)
    this.#at = new Float64Array(size)
    this.#index = new Uint32Array(size)
    this.#small = new Int32Array(size)
    this.#time = new Float64Array(size)
    this.#cells = new Array(size * WIDTH)
  }

  put(row: number, at: number, data: StoredEventData): void {
    this.#at[row] = at
    switch (data.type) {
      case 'fenced':
        this.#set(row, KIND.fenced, data.index, data.ref, data.memo, undefined)
        this.#small[row] = data.choice
        this.#time[row] = data.startAt
        return
      case 'progress':
        return this.#set(row, KIND.progress, data.index, data.ref, data.state, undefined)
      case 'closed':
        this.#set(row, KIND.closed, data.index, data.ref, data.outcome, data.result)
        this.#small[row] = data.placed ? 1 : 0
        this.#time[row] = data.waitUntil ?? Number.NaN
        return
      case 'ended':
        return this.#set(row, KIND.ended, data.index, data.terminal, data.reason, undefined)
      default:
        return this.#set(row, KIND.whole, 'index' in data ? data.index : 0, data, undefined, undefined)
    }
  }

  at(row: number): number {
    return this.#at[row] as number
  }

  data(row: number): StoredEventData {
    const index = this.#index[row] as number
    const [first, second, third] = this.#cells.slice(row * WIDTH, row * WIDTH + WIDTH) as [string, string, string]
    switch (this.#kind[row]) {
      case KIND.fenced: {
        const [choice, startAt] = [this.#small[row] as number, this.#time[row] as number]
        return { type: 'fenced', index, ref: first, choice, startAt, memo: second } satisfies Data<'fenced'>
      }
      case KIND.progress:
        return { type: 'progress', index, ref: first, state: second } satisfies Data<'progress'>
      case KIND.closed: {
        const waitUntil = this.#time[row] as number
        const placed = this.#small[row] === 1
        const closed: Data<'closed'> = { type: 'closed', index, ref: first, placed, outcome: second, result: third }
        if (!Number.isNaN(waitUntil)) closed.waitUntil = waitUntil
        return closed
      }
      case KIND.ended:
        return { type: 'ended', index, terminal: first as Terminal, reason: second } satisfies Data<'ended'>
      default:
        return this.#cells[row * WIDTH] as StoredEventData
    }
  }

  /** Removes what the rows say of one task, keeping the rows. */
  redact(index: number): void {
    for (let row = 0; row < this.size; row++) {
      if (this.#index[row] !== index) continue
      const cell = row * WIDTH
      const kind = this.#kind[row]
      if (kind === KIND.fenced) this.#cells[cell + 1] = ''
      if (kind === KIND.closed) this.#cells[cell + 2] = ''
      if (kind !== KIND.whole) continue
      const data = this.#cells[cell] as StoredEventData
      if ('index' in data && data.index === index && data.type === 'note') this.#cells[cell] = { ...data, data: '' }
    }
  }

  /** The same rows, with room for more. */
  grown(size: number): EventColumns {
    const grown = new EventColumns(size)
    grown.#kind.set(this.#kind)
    grown.#at.set(this.#at)
    grown.#index.set(this.#index)
    grown.#small.set(this.#small)
    grown.#time.set(this.#time)
    for (const [i, cell] of this.#cells.entries()) grown.#cells[i] = cell
    return grown
  }

  /** All texts are set, so that none of an event that stood here before is kept. */
  #set(
    row: number,
    kind: number,
    index: number,
    first: string | StoredEventData,
    second: string | undefined,
    third: string | undefined,
  ): void {
    this.#kind[row] = kind
    this.#index[row] = index
    const cells = this.#cells
    cells[row * WIDTH] = first
    cells[row * WIDTH + 1] = second
    cells[row * WIDTH + 2] = third
  }
}
