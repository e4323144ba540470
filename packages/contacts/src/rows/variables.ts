/** @see emptyVariables */
const Variables = function Variables() {} as unknown as new () => Record<string, unknown>
Variables.prototype = Object.create(null)

/**
 * A record that has nothing but what is put into it, for a column may be called `__proto__` or `constructor`. Objects whose prototype is
 * null itself are hash tables to V8: slower to fill, and half as fast to write as JSON. The prototype of these is an empty object that
 * has none.
 */
export function emptyVariables(): Record<string, unknown> {
  return new Variables()
}
