import type { Applied, ResourceError } from '@outdial/core'
import { drawWithin } from '../carrier/draws.js'
import { INVENTORY_SLOT, type InventoryRequest, type NumberFields } from './faults.js'
import type { Premises } from './premises.js'
import { resourceOf } from './shelf.js'

const E164 = /^\+[1-9]\d{6,14}$/

/** What the inventory makes of a request that has arrived: at this moment it is done, or it is not. */
export function apply(premises: Premises, request: InventoryRequest, chance: number): Applied {
  if (request.method === 'create') return create(premises, request, chance)
  const { organization, field = '', entry = '', data = {} } = request
  const kept = premises.shelf.find(organization, field, entry)
  if (request.method === 'delete') {
    if (!kept) return premises.note(request, 'absent', { status: 'done' })
    if (kept.fields.deletion_lock_enabled === true) {
      return refuse(premises, request, {
        code: 'deletion_locked',
        title: 'The number is locked.',
        detail: `${String(kept.fields.phonenumber)} cannot be deleted while its deletion lock is on.`,
        pointer: '/deletion_lock_enabled',
      })
    }
    premises.shelf.remove(kept)
    return premises.note(request, 'deleted', { status: 'done', resource: resourceOf(kept) }, kept.id)
  }
  if (!kept) {
    const detail = `${organization} has no number whose ${field} is ${entry}.`
    return refuse(premises, request, {
      code: 'not_found',
      title: 'There is no such number.',
      detail,
      pointer: `/${field}`,
    })
  }
  const fault = fieldFault(data, kept.fields)
  if (fault) return refuse(premises, request, fault)
  kept.fields = { ...kept.fields, ...structuredClone(data) }
  return premises.note(request, 'updated', { status: 'done', resource: resourceOf(kept) }, kept.id)
}

function create(premises: Premises, request: InventoryRequest, chance: number): Applied {
  const { organization, ref, data = {} } = request
  const { phonenumber } = data
  const fault = fieldFault(data, {})
  if (fault) return refuse(premises, request, fault)
  if (phonenumber !== undefined && (typeof phonenumber !== 'string' || !E164.test(phonenumber))) {
    const detail = `Expected E.164, such as +12025550100, not ${JSON.stringify(phonenumber)}.`
    return refuse(premises, request, {
      code: 'invalid_value',
      title: 'That is no phone number.',
      detail,
      pointer: '/phonenumber',
    })
  }
  if (phonenumber !== undefined && premises.shelf.has(phonenumber)) {
    const title = 'This number is there already.'
    return refuse(premises, request, { code: 'already_exists', title, pointer: '/phonenumber' })
  }
  const visibleAt = premises.now + drawWithin(chance, INVENTORY_SLOT.lag, premises.settings.lag)
  const kept = premises.shelf.add(organization, data, visibleAt, ref)
  return premises.note(request, 'created', { status: 'done', resource: resourceOf(kept) }, kept.id)
}

function refuse(premises: Premises, request: InventoryRequest, error: ResourceError): Applied {
  return premises.note(request, 'refused', { status: 'failed', errors: [error] }, undefined, error.code)
}

/** The fields that the inventory knows, and what they may be; all others are the host's. */
function fieldFault(data: NumberFields, now: NumberFields): ResourceError | undefined {
  const error = (name: string, detail: string) => ({
    code: 'invalid_value',
    title: `${name} cannot be that.`,
    detail,
    pointer: `/${name}`,
  })
  const { id, phonenumber, tags, deletion_lock_enabled: lock, hd_voice_enabled: hdVoice } = data
  if (id !== undefined && id !== now.id) return error('id', 'It is given by the inventory.')
  if (now.phonenumber !== undefined && phonenumber !== undefined && phonenumber !== now.phonenumber) {
    return error('phonenumber', 'A number stays what it is.')
  }
  if (tags !== undefined && !(Array.isArray(tags) && tags.every((tag) => typeof tag === 'string'))) {
    return error('tags', 'Expected a list of texts.')
  }
  if (lock !== undefined && typeof lock !== 'boolean') return error('deletion_lock_enabled', 'Expected true or false.')
  if (hdVoice === true && now.hd_voice_available === false)
    return error('hd_voice_enabled', 'This number has no HD voice.')
  return undefined
}
