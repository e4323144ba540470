/** A digit of a number → what is known of the numbers that go on with it. */
interface Node<Value> {
  next: (Node<Value> | undefined)[]
  value: Value
}

const ZERO = 48

/**
 * Finds what is known of a number by how it begins: of every number that begins with a prefix, all that was put under it. Answers are shared:
 * numbers of which the same is known get the same object.
 */
export class PrefixIndex<Value> {
  readonly #root: Node<Value>

  /**
   * @param prefixes with `+`
   * @param make what is known of numbers that begin with these of them (their positions, ascending)
   */
  constructor(prefixes: readonly (readonly string[] | undefined)[], make: (positions: readonly number[]) => Value) {
    const made = new Map<string, Value>()
    const share = (positions: readonly number[]): Value => {
      const key = positions.join()
      const known = made.get(key)
      if (known !== undefined) return known
      const value = make(positions)
      made.set(key, value)
      return value
    }
    const everywhere = prefixes.flatMap((list, position) => (list === undefined ? [position] : []))
    const root: Marked = { next: [], marks: undefined }
    prefixes.forEach((list, position) => {
      for (const prefix of list ?? []) mark(root, prefix, position)
    })
    this.#root = settle(root, everywhere, share(everywhere), share)
  }

  /** What is known of a number in E.164. */
  find(phone: string): Value {
    let node = this.#root
    for (let at = 1; at < phone.length; at++) {
      const next = node.next[phone.charCodeAt(at) - ZERO]
      if (next === undefined) break
      node = next
    }
    return node.value
  }
}

interface Marked {
  next: (Marked | undefined)[]
  /** Positions, ascending; absent where no prefix ends, which is nearly everywhere. */
  marks: number[] | undefined
}

function mark(root: Marked, prefix: string, position: number): void {
  let node = root
  for (let at = 1; at < prefix.length; at++) {
    const digit = prefix.charCodeAt(at) - ZERO
    node.next[digit] ??= { next: [], marks: undefined }
    node = node.next[digit]
  }
  node.marks ??= []
  if (node.marks.at(-1) !== position) node.marks.push(position)
}

/** What holds for a prefix holds for all that are longer. */
function settle<Value>(
  { next, marks }: Marked,
  above: readonly number[],
  known: Value,
  share: (positions: readonly number[]) => Value,
): Node<Value> {
  const all = marks === undefined ? above : [...new Set([...above, ...marks])].sort((a, b) => a - b)
  const value = marks === undefined ? known : share(all)
  return { next: Array.from(next, (node) => node && settle(node, all, value, share)), value }
}
