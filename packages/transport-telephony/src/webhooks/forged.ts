import { createHash, timingSafeEqual } from 'node:crypto'
import { OutdialError } from '@outdial/core'

/** The error of a webhook that is not from where it says. `why` is for whoever sets the carrier up, and holds no secret. */
export function forged(why: string): OutdialError {
  return new OutdialError('webhook_forged', `The signature of a webhook does not hold: ${why}.`)
}

/** Whether two texts are equal, in a time that does not tell how much of them is. */
export function sameText(a: string, b: string): boolean {
  return timingSafeEqual(digest(a), digest(b))
}

function digest(text: string): Buffer {
  return createHash('sha256').update(text, 'utf8').digest()
}
