/** How a table is laid out. */
export interface TableOptions {
  /** Positions of columns that are flush right: the numbers. */
  right?: readonly number[]
  /** Blanks between columns. Default 2. */
  gap?: number
  /** The longest line; the last column is broken into several where it must. Default: as long as it gets. */
  width?: number
}

/** Below this, a column that has to be broken into lines is no help any more. */
const NARROWEST = 20

/** Rows as lines of aligned columns, without anything at their ends. A cell is a line of text without colour. */
export function table(rows: readonly (readonly string[])[], options: TableOptions = {}): string[] {
  const { right = [], gap = 2, width = Number.POSITIVE_INFINITY } = options
  const last = Math.max(0, ...rows.map((row) => row.length - 1))
  const before = widthsOf(rows, last).reduce((sum, one) => sum + one + gap, 0)
  const lines = rows.flatMap((row) => {
    const cells = Array.from({ length: last }, (_, column) => row[column] ?? '')
    const [first = '', ...more] = wrapped(row[last] ?? '', Math.max(NARROWEST, width - before))
    return [[...cells, first], ...more.map((tail) => [...cells.fill(''), tail])]
  })
  const widths = widthsOf(lines, last + 1)
  return lines.map((cells) => {
    const aligned = cells.map((cell, column) => {
      const blanks = ' '.repeat((widths[column] as number) - lengthOf(cell))
      return right.includes(column) ? blanks + cell : cell + blanks
    })
    return aligned.join(' '.repeat(gap)).trimEnd()
  })
}

/** A text as lines of at most so many characters, broken at blanks; a longer word stays whole. */
export function wrapped(text: string, width: number): string[] {
  const lines: string[] = []
  for (const word of text.split(' ')) {
    const last = lines.at(-1)
    if (last === undefined || lengthOf(last) + 1 + lengthOf(word) > width) lines.push(word)
    else lines[lines.length - 1] = `${last} ${word}`
  }
  return lines
}

function widthsOf(rows: readonly (readonly string[])[], columns: number): number[] {
  return Array.from({ length: columns }, (_, column) => Math.max(...rows.map((row) => lengthOf(row[column] ?? ''))))
}

function lengthOf(text: string): number {
  return [...text].length
}
