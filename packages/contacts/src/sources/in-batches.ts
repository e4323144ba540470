import { sourceError } from '../problems.js'

/** Rows given out at once, so that a million rows are not a million promises. */
const BATCH = 1_000

/**
 * Makes something of each value as soon as it is there, since a source may hand out one object again and again, and gives what was made
 * out in batches. Values that are there are not waited for: that would cost more than to read them.
 *
 * Throws `too_many_rows` for the value that is one too many, when those before it have been given out.
 */
export async function* inBatches<Value, Made>(
  values: Iterable<Value> | AsyncIterable<Value>,
  most: number,
  make: (value: Value, row: number) => Made,
): AsyncGenerator<Made[], void, undefined> {
  let made: Made[] = []
  let row = 0
  const isFull = () => row >= most || made.length === BATCH
  function* whatThereIs(): Generator<Made[], void, undefined> {
    if (made.length > 0) yield made
    made = []
    if (row >= most) throw sourceError('too_many_rows', `There are more than ${most} rows`, { limit: most })
  }
  if (Symbol.asyncIterator in values) {
    for await (const value of values) {
      if (isFull()) yield* whatThereIs()
      made.push(make(value, ++row))
    }
  } else {
    for (const value of values) {
      if (isFull()) yield* whatThereIs()
      made.push(make(value instanceof Promise ? ((await value) as Value) : value, ++row))
    }
  }
  if (made.length > 0) yield made
}
