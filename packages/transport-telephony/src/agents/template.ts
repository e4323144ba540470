import { OutdialError } from '@outdial/core'

/** A text with the contact's variables in it: `Hello {{name}}`. */
export interface Template {
  /** Names of the variables, each once, in the order of the text. */
  readonly needs: readonly string[]
  /** The text with the values in it. `encode` makes of a value what may stand there: in XML, in a URL. */
  render(variables: Readonly<Record<string, unknown>>, encode: (value: string) => string): string
}

const NAME = /^[\p{L}\p{N}_.-]+(?: [\p{L}\p{N}_.-]+)*$/u

/**
 * Reads a template. Throws `invalid_options` with `field` for braces that are not closed, or have no name in them: a
 * person would hear them.
 */
export function template(text: string, field: string): Template {
  const invalid = (problem: string) => new OutdialError('invalid_options', `${field}: ${problem}`, { field })
  const [first = '', ...rest] = text.split('{{')
  const parts = rest.map((part) => {
    const end = part.indexOf('}}')
    if (end < 0) throw invalid(`'{{${part.slice(0, 20)}' is not closed; expected '}}'`)
    const name = part.slice(0, end).trim()
    if (!NAME.test(name)) throw invalid(`'{{${name}}}' names no variable; expected a column's name`)
    return { name, after: part.slice(end + 2) }
  })
  return {
    needs: [...new Set(parts.map(({ name }) => name))],
    render(variables, encode) {
      return parts.reduce((made, { name, after }) => made + encode(textOf(variables[name])) + after, first)
    },
  }
}

/** What stands for a value: text as it is, everything else as JSON writes it, and nothing for nothing. */
function textOf(value: unknown): string {
  if (value === undefined || value === null) return ''
  return typeof value === 'string' ? value : JSON.stringify(value)
}

const ENTITIES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&apos;',
}

/** For the text and the attributes of XML. Characters that XML cannot say at all are left out. */
export function xmlValue(value: string): string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: these are what XML 1.0 leaves out (section 2.2).
  const allowed = value.replace(/[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]/g, '')
  return allowed.replace(/[&<>"']/g, (character) => ENTITIES[character] ?? '')
}

/** For a part of a URL: its path, its query. */
export function urlValue(value: string): string {
  return encodeURIComponent(value.replace(/\p{Surrogate}/gu, '\ufffd'))
}
