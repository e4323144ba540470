/** SQL's `like`: `%` is any text, `_` one character. Takes no longer than both lengths multiplied, whatever the pattern. */
export function isLike(text: string, pattern: string): boolean {
  let at = 0
  let next = 0
  /** Where to go on when what follows the last `%` does not fit: one character later. */
  let star = -1
  let from = 0
  while (at < text.length) {
    if (pattern[next] === '%') {
      star = next++
      from = at
    } else if (next < pattern.length && (pattern[next] === '_' || pattern[next] === text[at])) {
      at++
      next++
    } else if (star >= 0) {
      next = star + 1
      at = ++from
    } else return false
  }
  while (pattern[next] === '%') next++
  return next === pattern.length
}
