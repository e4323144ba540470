import type { CallHandle } from '@outdial/core'
import type { Api } from './api.js'
import type { Commands } from './commands.js'
import { lookup } from './lookup.js'
import type { CarrierSettings } from './options.js'

/** Ends a call. One whose id was lost is looked for first; when it cannot be found, it may be live. */
export async function hangup(
  api: Api,
  commands: Commands,
  settings: CarrierSettings,
  call: CallHandle,
): Promise<'done' | 'gone' | 'refused'> {
  if (call.callId !== undefined) return commands.hangup(call.callId, call.ref)
  const found = await lookup(api, settings, call)
  if (found.status !== 'found') return 'refused'
  if (found.event.type === 'ended') return 'gone'
  return found.event.callId === undefined ? 'refused' : commands.hangup(found.event.callId, call.ref)
}
