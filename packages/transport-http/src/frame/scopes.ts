/**
 * Whether a key may do what needs one of some scopes. `*` may do everything, and `batch.*` everything that begins with
 * `batch.`. A route that needs none is open to every key.
 */
export function isGranted(granted: readonly string[], anyOf: readonly string[]): boolean {
  if (anyOf.length === 0) return true
  return granted.some((scope) => anyOf.some((wanted) => covers(scope, wanted)))
}

function covers(scope: string, wanted: string): boolean {
  if (scope === '*' || scope === wanted) return true
  return scope.endsWith('.*') && wanted.startsWith(scope.slice(0, -1))
}
