/** The word of a list that was probably meant, if any is near enough. */
export function nearest(word: string, known: readonly string[]): string | undefined {
  const [best] = known
    .map((candidate) => ({ candidate, distance: distance(word.toLowerCase(), candidate) }))
    .sort((a, b) => a.distance - b.distance)
  return best !== undefined && best.distance <= Math.max(2, word.length / 3) ? best.candidate : undefined
}

/** Letters to insert, drop, replace or swap with their neighbour; a beginning of the word costs next to nothing. */
function distance(a: string, b: string): number {
  if (a.length > 2 && b.startsWith(a)) return 0.5
  let before: number[] = []
  let above = Array.from({ length: b.length + 1 }, (_, j) => j)
  for (let i = 1; i <= a.length; i++) {
    const row = [i]
    for (let j = 1; j <= b.length; j++) {
      const replaced = (above[j - 1] as number) + (a[i - 1] === b[j - 1] ? 0 : 1)
      const swapped = i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1]
      const cost = Math.min(replaced, (above[j] as number) + 1, (row[j - 1] as number) + 1)
      row.push(swapped ? Math.min(cost, (before[j - 2] as number) + 1) : cost)
    }
    before = above
    above = row
  }
  return above[b.length] as number
}
