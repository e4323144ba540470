import type { JobSnapshot } from '@outdial/core'
import * as z from 'zod'
import { wireOf } from '../../desk/wire-facts.js'

/** What is kept with a batch beside what the engine knows. */
export interface TalkifaiFacts {
  fromPhoneNumberId: string
}

const facts: z.ZodType<TalkifaiFacts> = z.object({ fromPhoneNumberId: z.string() })

/** The facts of a batch; `undefined` for a campaign that was made otherwise. */
export function factsOf(snapshot: JobSnapshot): TalkifaiFacts | undefined {
  return wireOf(snapshot, 'talkifai', facts)
}
