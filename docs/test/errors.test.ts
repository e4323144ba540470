import { HTTP_PROBLEMS } from '@outdial/transport-http'
import { ERROR_CODES, ROW_PROBLEMS, SOURCE_ERRORS } from 'outdial'
import { describe, expect, it } from 'vitest'
import { textOf } from './support/programs.js'

/** The codes that have a heading, by the part of the document they are in. */
const headings = (): Map<string, string[]> => {
  const parts = new Map<string, string[]>()
  let codes: string[] = []
  for (const line of textOf('docs/errors.md').split('\n')) {
    const [, part] = /^## (.+)$/.exec(line) ?? []
    const [, code] = /^### `(\w+)`$/.exec(line) ?? []
    if (part !== undefined) {
      codes = []
      parts.set(part, codes)
    }
    if (code !== undefined) codes.push(code)
  }
  return parts
}

describe('docs/errors.md', () => {
  it.each([
    ['Errors of the engine', ERROR_CODES],
    ['Errors of a file of contacts', SOURCE_ERRORS],
    ['Problems of a row', ROW_PROBLEMS],
    ['Problems of a request', HTTP_PROBLEMS],
  ])('%s: has a heading for every code, and for no other', (part, codes) => {
    expect(headings().get(part)?.toSorted()).toEqual(Object.keys(codes).sort())
  })
})
