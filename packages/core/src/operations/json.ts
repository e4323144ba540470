import * as z from 'zod'

/** A JSON object: what is written into a resource, or read from it. */
export type JsonObject = Readonly<Record<string, unknown>>

/** Deeper than this is a mistake, an object that contains itself most likely. */
const DEEPEST = 64

/** Where and why a value is not JSON; `undefined` when it is. */
function faultOf(
  value: unknown,
  path: (string | number)[],
): { path: (string | number)[]; problem: string } | undefined {
  if (value === null || typeof value === 'string' || typeof value === 'boolean') return undefined
  if (typeof value === 'number' && Number.isFinite(value)) return undefined
  if (typeof value !== 'object') return { path, problem: `${typeof value} is not JSON` }
  if (path.length > DEEPEST) return { path: path.slice(0, 1), problem: `is nested deeper than ${DEEPEST}` }
  if (!Array.isArray(value) && !isPlain(value)) return { path, problem: 'expected a plain object' }
  for (const [key, inner] of Array.isArray(value) ? value.entries() : Object.entries(value)) {
    const fault = faultOf(inner, [...path, key])
    if (fault) return fault
  }
  return undefined
}

function isPlain(value: object): boolean {
  const prototype: unknown = Object.getPrototypeOf(value)
  return prototype === null || Object.getPrototypeOf(prototype) === null
}

/** Whether a value is a JSON object, at a glance: what is wrong with one that is none, {@link jsonObjectSchema} says. */
export function isJsonObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value) && isJson(value, 0)
}

function isJson(value: unknown, depth: number): boolean {
  if (typeof value === 'string' || typeof value === 'boolean' || value === null) return true
  if (typeof value === 'number') return Number.isFinite(value)
  if (typeof value !== 'object' || depth > DEEPEST) return false
  if (!Array.isArray(value)) {
    if (!isPlain(value)) return false
    for (const key of Object.keys(value)) if (!isJson((value as JsonObject)[key], depth + 1)) return false
    return true
  }
  for (const inner of value as unknown[]) if (!isJson(inner, depth + 1)) return false
  return true
}

/** Takes JSON objects as they are. zod's own `json` copies them, ten times slower, and cannot say what is wrong. */
export const jsonObjectSchema: z.ZodType<JsonObject> = z.custom<JsonObject>().superRefine((value: unknown, context) => {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    context.addIssue({ code: 'custom', message: 'expected an object' })
    return
  }
  const fault = faultOf(value, [])
  if (fault) context.addIssue({ code: 'custom', path: fault.path, message: fault.problem })
})

/** Whether two JSON values are the same, whatever the order of their keys. */
export function sameJson(a: unknown, b: unknown): boolean {
  if (a === b) return true
  if (typeof a !== 'object' || typeof b !== 'object' || a === null || b === null) return false
  if (Array.isArray(a) !== Array.isArray(b)) return false
  const keys = Object.keys(a)
  if (keys.length !== Object.keys(b).length) return false
  return keys.every((key) => Object.hasOwn(b, key) && sameJson((a as JsonObject)[key], (b as JsonObject)[key]))
}
