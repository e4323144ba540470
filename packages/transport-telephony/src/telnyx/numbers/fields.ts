import type { Resource } from '@outdial/core'
import { objectOf } from '../api.js'

/*
 * A number has two records at the service, one of the number and one of its voice settings. Here it has one list of fields: the
 * first under the service's own names (but `phonenumber`), the second by path: `voice.call_forwarding.forwards_to`.
 */

/** Fields that change with the number itself. */
export const OWN = [
  'tags',
  'external_pin',
  'hd_voice_enabled',
  'customer_reference',
  'connection_id',
  'billing_group_id',
  'address_id',
] as const
/** Fields that only the service's own jobs change. */
export const LOCK = ['deletion_lock_enabled'] as const
export const EMERGENCY = ['emergency_enabled', 'emergency_address_id'] as const
export const VOICE = [
  'tech_prefix_enabled',
  'translated_number',
  'caller_id_name_enabled',
  'call_forwarding',
  'cnam_listing',
  'usage_payment_method',
  'media_features',
  'call_recording',
  'inbound_call_screening',
] as const

/** Changes of a number, by where the service takes them. Parts without anything in them are absent. */
export interface Changes {
  own?: Record<string, unknown>
  voice?: Record<string, unknown>
  lock?: Record<string, unknown>
  emergency?: Record<string, unknown>
  /** Fields that the service does not let anyone change. */
  readonly strange: readonly string[]
}

/** Sorts changes. Voice settings may come by path, or as an object `voice`. */
export function changesOf(data: Readonly<Record<string, unknown>>): Changes {
  const changes: Changes & { strange: string[] } = { strange: [] }
  const put = (part: 'own' | 'lock' | 'emergency', name: string, value: unknown) => {
    changes[part] = { ...changes[part], [name]: value }
  }
  for (const [name, value] of Object.entries(data)) {
    const [first, ...path] = name.split('.')
    const inner = first === 'voice' ? nested(path, value) : undefined
    if (inner && Object.keys(inner).every((setting) => isOne(VOICE, setting)))
      changes.voice = merged(changes.voice ?? {}, inner)
    else if (isOne(OWN, name)) put('own', name, value)
    else if (isOne(LOCK, name)) put('lock', name, value)
    else if (isOne(EMERGENCY, name)) put('emergency', name, value)
    else changes.strange.push(name)
  }
  return changes
}

/** A number as a resource, from its two records. */
export function resourceOf(
  number: Readonly<Record<string, unknown>>,
  voice: Readonly<Record<string, unknown>> = {},
): Resource {
  const { id, phone_number, record_type: _, ...fields } = number
  const settings = Object.fromEntries(Object.entries(voice).filter(([name]) => isOne(VOICE, name)))
  return {
    id: String(id),
    fields: { ...fields, id: String(id), phonenumber: phone_number, ...byPath(settings, 'voice') },
  }
}

function isOne(names: readonly string[], name: string): boolean {
  return names.includes(name)
}

/** `['a', 'b']` and 1 as `{ a: { b: 1 } }`; `undefined` when it comes to no object. */
function nested(path: readonly string[], value: unknown): Record<string, unknown> | undefined {
  const made = path.reduceRight<unknown>((inner, name) => ({ [name]: inner }), value)
  return objectOf(made) as Record<string, unknown> | undefined
}

function merged(a: Readonly<Record<string, unknown>>, b: Readonly<Record<string, unknown>>): Record<string, unknown> {
  const both = { ...a }
  for (const [name, value] of Object.entries(b)) {
    const [old, inner] = [objectOf(both[name]), objectOf(value)]
    both[name] = old && inner ? merged(old, inner) : value
  }
  return both
}

function byPath(settings: Readonly<Record<string, unknown>>, path: string): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(settings).flatMap(([name, value]): [string, unknown][] => {
      const inner = objectOf(value)
      return inner ? Object.entries(byPath(inner, `${path}.${name}`)) : [[`${path}.${name}`, value]]
    }),
  )
}
