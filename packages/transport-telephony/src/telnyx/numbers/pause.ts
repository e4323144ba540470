/** How often something under way is asked about, in milliseconds. */
const ASK_EVERY = 500

/**
 * Asks until there is an answer, or for so many milliseconds; then `undefined`. What throws is asked again, as if there were
 * none: it is only watched.
 */
export async function watched<T>(patience: number, ask: () => Promise<T | undefined>): Promise<T | undefined> {
  const end = performance.now() + patience
  for (let wait = Math.min(ASK_EVERY, patience / 10); ; wait = Math.min(ASK_EVERY, wait * 2)) {
    const answer = await ask().catch(() => undefined)
    if (answer !== undefined || performance.now() + wait > end) return answer
    await new Promise<void>((resolve) => void setTimeout(resolve, wait))
  }
}
