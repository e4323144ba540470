import type { Resource } from '../ports/resources.js'
import type { JsonObject } from './json.js'

/** Stands where a secret was left out. */
const REDACTED = '[redacted]'

/** Fields as anybody may see them. The same object when there is nothing to leave out. */
export function shown(fields: JsonObject, secrets: readonly string[] | undefined): JsonObject {
  const found = secrets?.filter((name) => Object.hasOwn(fields, name)) ?? []
  if (found.length === 0) return fields
  return { ...fields, ...Object.fromEntries(found.map((name) => [name, REDACTED])) }
}

/** A resource likewise: a back end may show what was written into it. */
export function shownResource(resource: Resource, secrets: readonly string[] | undefined): Resource {
  return secrets ? { ...resource, fields: shown(resource.fields, secrets) } : resource
}
