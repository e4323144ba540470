const PROBLEMS = {
  unauthenticated: "No key, or nobody's.",
  forbidden: 'The key has none of the scopes that this takes; `detail` names them.',
  not_found: 'There is no such path.',
  method_not_allowed: 'There is such a path, for other methods.',
  number_not_found: "The caller id is none of the organization's numbers.",
  invalid_params: 'A part of the path does not fit; `problems` says which.',
  invalid_query: 'The query does not fit; `problems` says where.',
  invalid_headers: 'A header does not fit; `problems` names it.',
  invalid_body: 'The body does not fit; `problems` says where. Nothing was changed.',
  malformed_body: 'The body is not what its content type says.',
  unsupported_media_type: 'The body has a content type that is not taken here.',
  too_large: 'Body, headers or query are larger than what is taken.',
  too_slow: 'The body came too slowly.',
  rate_limited: 'Too many requests. `Retry-After` says how many seconds to wait.',
  too_many_streams: 'Too many event streams of the organization are open.',
  internal: 'A defect. It was logged with the id of the request.',
} as const

/** A `code` of problem details that is not an engine's: see {@link HTTP_PROBLEMS}. */
export type HttpProblemCode = keyof typeof PROBLEMS

/** Every code that problem details have beside those of the engine, with what it means. `docs/errors.md` has a heading for each. */
export const HTTP_PROBLEMS: Readonly<Record<HttpProblemCode, string>> = PROBLEMS
