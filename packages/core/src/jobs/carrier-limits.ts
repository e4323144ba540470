import { OutdialError } from '../errors/outdial-error.js'
import type { Carrier } from '../ports/carrier.js'

/** Throws `invalid_options` for calls that their carrier would end before their time. */
export function checkMaxDuration(carrier: Carrier | undefined, maxDuration: number): void {
  const most = carrier?.capabilities.maxDuration
  if (most === undefined || maxDuration <= most) return
  throw new OutdialError('invalid_options', `maxDuration: this carrier allows ${most} ms at most`, {
    field: 'maxDuration',
  })
}
