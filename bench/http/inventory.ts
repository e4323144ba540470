import type { Resource, ResourceBackend } from 'outdial'
import type { Row } from '../support/people.js'
import { idOf } from './dialects.js'

/** Numbers of an organization, found at once: what looking them up costs a provider is not measured. Nothing is done with them here. */
export function inventoryOf(people: readonly Row[]): ResourceBackend {
  const numbers = people.map((row): Resource => ({ id: idOf(row), fields: { id: idOf(row), phonenumber: row.phone } }))
  const byId = new Map(numbers.map((number) => [number.id, number]))
  const byPhone = new Map(numbers.map((number) => [number.fields.phonenumber, number]))
  const done = async () => ({ status: 'done' }) as const
  return {
    type: 'phonenumber',
    capabilities: { keys: ['id', 'phonenumber'], concurrency: 100, createVisibility: 0 },
    find: async (_, { field, value }) => (field === 'id' ? byId : byPhone).get(value),
    findCreated: async () => undefined,
    create: done,
    update: done,
    delete: done,
  }
}
