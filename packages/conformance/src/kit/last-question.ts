import assert from 'node:assert/strict'
import type { Passage } from './passage.js'

/** A request that stands in the way, and one behind it. */
export interface Queue<T> {
  /** How many requests the service has read. */
  asked(): number
  /** Sends a request that is given no answer. */
  first(): Promise<unknown>
  /** Sends the other, with the question whether it may start; `still` looks whenever the clock is about to move. */
  second(startable: () => boolean, still: () => void): Promise<T>
}

/** Fails when something is waited for between the yes of `startable` and the request: another request, or the clock. */
export async function asksLast<T>(time: Passage, { asked, first, second }: Queue<T>): Promise<T> {
  const before = asked()
  let behind = true
  const over = () => {
    behind = false
  }
  const answered = first()
  // At once: in the next turn the second may be on its way already.
  const ended = answered.then(over, over)
  const settled = time.settle('the first request', answered).catch(() => undefined)
  await time.until(() => asked() > before || !behind, 5_000)
  const read = asked()
  let yes: 'none' | 'behind' | 'free' = 'none'
  let waited = false
  const isWritten = () => asked() > read
  const overtaken = ended.then(() => {
    if (yes === 'behind' && !isWritten()) waited = true
  })
  const answer = await second(
    () => {
      yes = behind ? 'behind' : 'free'
      waited = false
      return true
    },
    () => {
      if (yes !== 'none' && !isWritten()) waited = true
    },
  )
  await settled
  // One that is given up is never over.
  if (!behind) await overtaken
  assert.notEqual(yes, 'none', 'startable was not asked')
  assert.ok(!waited, 'startable was asked, and then something was waited for before the request was written')
  return answer
}
