/** The value under a key, made when it is not there. The map never holds more than `most`: when it is full it is emptied. */
export function cached<Key, Value extends NonNullable<unknown>>(
  map: Map<Key, Value>,
  most: number,
  key: Key,
  make: (key: Key) => Value,
): Value {
  const known = map.get(key)
  if (known !== undefined) return known
  const made = make(key)
  if (map.size >= most) map.clear()
  map.set(key, made)
  return made
}

/** What is derived from an object that never changes, made when it is not there and kept as long as the object. */
export function derivedFrom<Key extends object, Value extends NonNullable<unknown>>(
  map: WeakMap<Key, Value>,
  key: Key,
  make: (key: Key) => Value,
): Value {
  const known = map.get(key)
  if (known !== undefined) return known
  const made = make(key)
  map.set(key, made)
  return made
}
