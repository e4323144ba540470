/**
 * A query as an object without prototype: one text per name, a list for a repeated name. `a[]` is the same name as `a`
 * and always a list.
 */
export function queryObject(search: URLSearchParams): Record<string, unknown> {
  const query: Record<string, unknown> = Object.create(null) as Record<string, unknown>
  for (const [name, value] of search) {
    const listed = name.endsWith('[]')
    const key = listed ? name.slice(0, -2) : name
    const there = query[key]
    if (there === undefined) query[key] = listed ? [value] : value
    else query[key] = [...(Array.isArray(there) ? (there as unknown[]) : [there]), value]
  }
  return query
}
