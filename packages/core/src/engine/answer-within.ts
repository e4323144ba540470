import type { Host } from '../engine/host.js'

/**
 * Asks the other side, and waits `ms` at most. Whatever goes wrong becomes an answer too: `failed` makes one of a
 * rejection, of an exception and of silence, so this never rejects. What comes after the time goes to `late`.
 */
export function answerWithin<Answer>(
  host: Host,
  ms: number,
  ask: () => Promise<Answer>,
  failed: (message: string) => Answer,
  late: (answer: Answer) => void = () => {},
): Promise<Answer> {
  return new Promise((resolve) => {
    let silent = false
    const cancel = host.later(() => {
      silent = true
      resolve(failed(`no answer within ${ms / 1000} s`))
    }, ms)
    const settle = (answer: Answer) => {
      cancel()
      if (silent) late(answer)
      else resolve(answer)
    }
    try {
      ask().then(settle, (error: unknown) => settle(failed(String(error))))
    } catch (error) {
      settle(failed(String(error)))
    }
  })
}
