import type { ExchangeReply } from '../ports/storage-exchange.js'

/** Told what became of what was said. */
export type Done<Answer> = (answer: Answer, reply: ExchangeReply, sentAt: number) => void

/** What is to be said, with whom to tell the answer: two lists of one length, because there is a lot of it. */
export class Pending<Item, Answer> {
  #items: Item[] = []
  #done: Done<Answer>[] = []
  /** What stands before has been taken. */
  #first = 0

  get size(): number {
    return this.#items.length - this.#first
  }

  add(item: Item, done: Done<Answer>): void {
    this.#items.push(item)
    this.#done.push(done)
  }

  /** Removes and returns the first of them, up to one that does not fit. */
  take(fits: (item: Item) => boolean): { items: Item[]; done: Done<Answer>[] } {
    const first = this.#first
    let end = first
    while (end < this.#items.length && fits(this.#items[end] as Item)) end++
    const taken = { items: this.#items, done: this.#done }
    if (first > 0 || end < this.#items.length) {
      taken.items = this.#items.slice(first, end)
      taken.done = this.#done.slice(first, end)
    }
    this.#first = first + taken.items.length
    if (this.size === 0) this.#start([], [])
    // Now and then, and not each time: a long list would be moved as often as something is taken from it.
    else if (this.#first > this.size) this.#start(this.#items.slice(this.#first), this.#done.slice(this.#first))
    return taken
  }

  #start(items: Item[], done: Done<Answer>[]): void {
    this.#items = items
    this.#done = done
    this.#first = 0
  }
}
