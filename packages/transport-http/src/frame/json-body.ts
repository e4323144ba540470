/** What is wrong with a JSON text, or what it says. */
export type JsonRead = { value: unknown } | { problem: string }

/** Parses JSON that is nested at most so deep: deeper would exhaust the stack of whoever walks it. */
export function readJson(text: string, depth: number): JsonRead {
  let value: unknown
  try {
    value = JSON.parse(text)
  } catch {
    return { problem: 'The body is not valid JSON.' }
  }
  return isDeeper(value, depth) ? { problem: `The body is nested more than ${depth} levels deep.` } : { value }
}

function isDeeper(value: unknown, depth: number): boolean {
  if (typeof value !== 'object' || value === null) return false
  if (depth === 0) return true
  if (Array.isArray(value)) return (value as unknown[]).some((inner) => isDeeper(inner, depth - 1))
  // What JSON.parse has made has no enumerable properties but its own.
  for (const key in value) if (isDeeper((value as Record<string, unknown>)[key], depth - 1)) return true
  return false
}

/** Whether a content type is JSON; `application/problem+json` and the like are too. */
export function isJson(contentType: string): boolean {
  return /^application\/(?:[\w.-]+\+)?json\s*(?:;|$)/i.test(contentType)
}
