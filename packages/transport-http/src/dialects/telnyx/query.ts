/** Deeper names are no parameter of any route. */
const DEEPEST = 4

type Node = Record<string, unknown>

/**
 * A query in the style of OpenAPI's `deepObject`: `filter[tag]=x` is `{ filter: { tag: 'x' } }`, `filter[status][]=x` a
 * list, and so is a repeated name. Objects have no prototype.
 */
export function deepQuery(search: URLSearchParams): Record<string, unknown> {
  const root = node()
  for (const [name, value] of search) put(root, pathOf(name), value)
  return root
}

/** The steps of a name; one that is not well-formed is a name of its own, which no route knows. */
function pathOf(name: string): [string, ...string[]] {
  const match = /^([^[\]]+)((?:\[[^[\]]*\])*)$/.exec(name)
  const steps = match ? [...(match[2] as string).matchAll(/\[([^[\]]*)\]/g)].map(([, step]) => step as string) : []
  const strange = !match || steps.length >= DEEPEST || steps.slice(0, -1).includes('')
  return strange ? [name] : [match[1] as string, ...steps]
}

function put(into: Node, [key, ...rest]: [string, ...string[]], value: string): void {
  const there = into[key]
  if (rest.length === 0) into[key] = there === undefined ? value : [there, value].flat()
  else if (rest[0] === '') into[key] = there === undefined ? [value] : [there, value].flat()
  else {
    const inner = isNode(there) ? there : node()
    put(inner, rest as [string, ...string[]], value)
    // What is a value and an object at once fits no schema.
    if (inner !== there) into[key] = there === undefined ? inner : [there, inner].flat()
  }
}

function node(): Node {
  return Object.create(null) as Node
}

function isNode(value: unknown): value is Node {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
