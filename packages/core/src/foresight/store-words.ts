// What a store calls its lists and limits is nobody's word. Ids of ours have no colon; what comes after the kind is all of the name.

/** A do-not-call list, for people. */
export function listWords(list: string): string {
  const [, kind, ...name] = list.split(':')
  if (kind === 'everything') return "everybody's do-not-call list"
  if (kind === 'job') return "the campaign's do-not-call list"
  return kind === 'organization' ? `the do-not-call list of ${name.join(':')}` : list
}

/** Whose a limit is, for people. */
export function limitWords(key: string): string {
  const [, kind, ...name] = key.split(':')
  if (kind === 'job') return 'the campaign'
  if (kind === 'organization') return 'the organization'
  if (kind === 'from') return name.at(-1) ?? key
  if (kind === 'breaker') return `the route ${name.at(-1) ?? ''}`.trim()
  if (kind === 'route') return `the route ${name.join(':')}`
  return kind === 'everything' ? 'everything' : key
}
