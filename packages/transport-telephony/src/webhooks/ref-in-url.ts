/** The parameter of a callback's address that says which attempt it is about. */
const REF_PARAMETER = 'outdial_ref'

/** An address with a ref in its query; what is there already stays as it is written, a fragment behind it. */
export function withRef(url: string, ref: string): string {
  return withQuery(url, `${REF_PARAMETER}=${encodeURIComponent(ref)}`)
}

/** An address with one more part in its query. */
export function withQuery(url: string, part: string): string {
  const [address = '', fragment] = split(url, '#')
  const [path = '', query] = split(address, '?')
  const whole = query === undefined || query === '' ? part : `${query}&${part}`
  return `${path}?${whole}${fragment === undefined ? '' : `#${fragment}`}`
}

/** The ref in an address, wherever it stands in the query; `undefined` when there is none, or when there are several. */
export function refInUrl(url: string): string | undefined {
  const [, query = ''] = split(split(url, '#')[0] ?? '', '?')
  const found = new URLSearchParams(query).getAll(REF_PARAMETER)
  return found.length === 1 ? found[0] : undefined
}

function split(text: string, at: string): [string, string?] {
  const position = text.indexOf(at)
  return position < 0 ? [text] : [text.slice(0, position), text.slice(position + 1)]
}
