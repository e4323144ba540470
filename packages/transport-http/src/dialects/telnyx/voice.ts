import * as z from 'zod'
import { numberOf } from '../../frame/number-of.js'

/** A number as E.164 has it: with `+`, a calling code that there is, and a length that is possible. */
const e164 = z.string().refine((text) => numberOf(text) === text, { error: 'must be a +E.164 phone number' })

const cnamListing = z
  .strictObject({
    cnam_listing_enabled: z.boolean().optional(),
    cnam_listing_details: z
      .string()
      .regex(/^[A-Za-z0-9 ]{1,15}$/, 'must be 1 to 15 letters, digits or spaces')
      .optional(),
  })
  .superRefine(({ cnam_listing_enabled: enabled, cnam_listing_details: details }, context) => {
    const needs = (name: string, message: string) => context.addIssue({ code: 'custom', path: [name], message })
    if (enabled && details === undefined) needs('cnam_listing_details', 'must be present when the listing is enabled')
    if (details !== undefined && !enabled) needs('cnam_listing_enabled', 'must be true when there are details')
  })

/** Voice settings of a number. What is absent stays as it is. */
export const voiceSettings = z.strictObject({
  tech_prefix_enabled: z.boolean().optional(),
  translated_number: z
    .string()
    .max(64)
    .regex(/^\+?[A-Za-z0-9]*$/, 'must be alphanumeric')
    .optional(),
  caller_id_name_enabled: z.boolean().optional(),
  call_forwarding: z
    .strictObject({
      call_forwarding_enabled: z.boolean().optional(),
      forwards_to: e164.optional(),
      forwarding_type: z.enum(['always', 'on-failure']).optional(),
    })
    .optional(),
  cnam_listing: cnamListing.optional(),
  usage_payment_method: z.enum(['pay-per-minute', 'channel']).optional(),
  media_features: z
    .strictObject({
      rtp_auto_adjust_enabled: z.boolean().optional(),
      accept_any_rtp_packets_enabled: z.boolean().optional(),
      t38_fax_gateway_enabled: z.boolean().optional(),
    })
    .optional(),
  call_recording: z
    .strictObject({
      inbound_call_recording_enabled: z.boolean().optional(),
      inbound_call_recording_format: z.enum(['wav', 'mp3']).optional(),
      inbound_call_recording_channels: z.enum(['single', 'dual']).optional(),
    })
    .optional(),
  inbound_call_screening: z.enum(['disabled', 'reject_calls', 'flag_calls']).optional(),
})

/**
 * Settings as fields of a number, each by its path: `voice.call_forwarding.forwards_to`. So a setting that was not sent is
 * not touched, and whoever looks whether an update is done need not know how settings are merged.
 */
export function fieldsOf(settings: object, path: string): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(settings).flatMap(([name, value]) =>
      typeof value === 'object' && value !== null && !Array.isArray(value)
        ? Object.entries(fieldsOf(value as object, `${path}.${name}`))
        : value === undefined
          ? []
          : [[`${path}.${name}`, value]],
    ),
  )
}
