import * as z from 'zod'
import { MOST_NUMBERS, TEXTS } from './texts.js'
import { voiceSettings } from './voice.js'

/** `must be present` for what is not there; else what zod says. */
const required = { error: ({ input }: { input?: unknown }) => (input === undefined ? TEXTS.mustBePresent : undefined) }

const number = z.string().min(1).max(100)
const upToMost = z.array(number, required).max(MOST_NUMBERS, TEXTS.tooManyNumbers)
/** Ids and E.164 numbers; at least one. */
const numbers = upToMost.min(1, TEXTS.noNumber)

const text = z.string().max(1000)

/** Body of `POST .../update_phone_numbers`. Whether numbers may be absent depends on the query. */
export const updateBody = z.strictObject(
  {
    phone_numbers: upToMost.optional(),
    tags: z.array(text.min(1)).max(1000).optional(),
    external_pin: text.optional(),
    customer_reference: text.optional(),
    connection_id: text.min(1).optional(),
    billing_group_id: text.min(1).optional(),
    hd_voice_enabled: z.boolean().optional(),
    deletion_lock_enabled: z.boolean().optional(),
    voice: voiceSettings.optional(),
  },
  required,
)

/** Body of `POST .../delete_phone_numbers`. */
export const deleteBody = z.strictObject({ phone_numbers: numbers }, required)

/** Body of `POST .../update_emergency_settings`. */
export const emergencyBody = z
  .strictObject(
    {
      phone_numbers: numbers,
      emergency_enabled: z.boolean(required),
      emergency_address_id: text.min(1).nullish(),
    },
    required,
  )
  .superRefine(({ emergency_enabled: enabled, emergency_address_id: address }, context) => {
    const about = (message: string) => context.addIssue({ code: 'custom', path: ['emergency_address_id'], message })
    if (enabled && (address ?? null) === null) about(TEXTS.mustBePresent)
    if (!enabled && (address ?? null) !== null) about('must be null or absent when emergency_enabled is false')
  })

/** Path parameters of one job. */
export const jobPath = z.object({ id: z.string().max(200) })
