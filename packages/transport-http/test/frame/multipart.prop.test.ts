import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { RequestFailed } from '../../src/frame/failure.js'
import { type FormLimits, formParts } from '../../src/frame/multipart.js'

const FILES = new Set(['file'])

interface Read {
  name: string
  filename?: string
  text: string
}

async function* cut(bytes: Uint8Array, sizes: readonly number[]): AsyncGenerator<Uint8Array, void, undefined> {
  let at = 0
  for (let i = 0; at < bytes.length; i++) {
    const size = sizes[i % sizes.length] ?? bytes.length
    yield bytes.subarray(at, at + size)
    at += size
  }
}

async function readForm(
  bytes: Uint8Array,
  contentType: string,
  sizes: readonly number[],
  limits?: FormLimits,
): Promise<Read[]> {
  const parts: Read[] = []
  for await (const part of formParts(cut(bytes, sizes), contentType, FILES, limits)) {
    if (part.kind === 'field') {
      parts.push({ name: part.name, text: part.value })
      continue
    }
    const decoder = new TextDecoder()
    let text = ''
    for await (const piece of part.pieces) text += decoder.decode(piece, { stream: true })
    parts.push({ name: part.name, ...(part.filename !== undefined && { filename: part.filename }), text })
  }
  return parts
}

/** A form as the platform's own encoder writes it: its boundary, its escapes. */
async function encoded(form: FormData): Promise<{ bytes: Uint8Array; contentType: string }> {
  const request = new Request('http://localhost', { method: 'POST', body: form })
  const contentType = request.headers.get('content-type') as string
  return { bytes: new Uint8Array(await request.arrayBuffer()), contentType }
}

const form = (text: string) => new TextEncoder().encode(text.replaceAll('\n', '\r\n'))
const TYPE = 'multipart/form-data; boundary=X'
const failure = async (reading: Promise<unknown>) => {
  const error = await reading.then(() => undefined).catch((thrown: unknown) => thrown)
  return error instanceof RequestFailed ? error.failure : error
}

describe('a form', () => {
  const name = fc.stringMatching(/^[A-Za-z_][\w-]{0,11}$/).filter((text) => text !== 'file')
  const text = fc.string({
    unit: fc.constantFrom('a', '-', '\r\n', '-', '\u00e9', '"', '--', '\r', ','),
    maxLength: 60,
  })

  it('is read as it was written, however the network cuts it', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.tuple(name, text), { maxLength: 5 }),
        fc.option(fc.tuple(fc.stringMatching(/^[a-z]{1,8}\.csv$/), text), { nil: undefined }),
        fc.nat(),
        fc.array(fc.integer({ min: 1, max: 40 }), { minLength: 1, maxLength: 8 }),
        async (fields, file, place, sizes) => {
          const written = new FormData()
          const expected: Read[] = []
          for (const [i, [key, value]] of [...fields, ['last', ''] as const].entries()) {
            if (file && i === place % (fields.length + 1)) {
              written.append('file', new File([file[1]], file[0], { type: 'text/csv' }))
              expected.push({ name: 'file', filename: file[0], text: file[1] })
            }
            written.append(key, value)
            // The encoder makes every line end of a field a CRLF, as HTML says.
            expected.push({ name: key, text: value.replace(/\r\n|\r|\n/g, '\r\n') })
          }
          const { bytes, contentType } = await encoded(written)
          expect(await readForm(bytes, contentType, sizes)).toEqual(expected)
          expect(await readForm(bytes, contentType, [1])).toEqual(expected)
        },
      ),
      { numRuns: 300 },
    )
  })

  it('is never anything else than read or refused', async () => {
    const noise = fc.array(
      fc.oneof(
        fc.constantFrom(
          '--X',
          '\r\n',
          '--X--',
          'Content-Disposition: form-data; name="a"',
          '; filename="b"',
          ': ',
          '\0',
        ),
        fc.constantFrom("content-disposition: form-data; name=file; filename*=utf-8''%zz", '__proto__', '-', '"'),
        fc.string({ unit: 'binary', maxLength: 10 }),
      ),
      { maxLength: 30 },
    )
    await fc.assert(
      fc.asyncProperty(noise, fc.integer({ min: 1, max: 50 }), async (pieces, size) => {
        const bytes = new TextEncoder().encode(pieces.join(''))
        const told = await failure(readForm(bytes, TYPE, [size], { parts: 5, field: 20, file: 20 }))
        if (told !== undefined) expect(told).toMatchObject({ kind: expect.stringMatching(/^(malformed|too_large)$/) })
      }),
      { numRuns: 500 },
    )
  })

  const part = (head: string, body: string) => `--X\nContent-Disposition: form-data; ${head}\n\n${body}\n`

  it('goes on after a file that nobody reads', async () => {
    const bytes = form(`${part('name="file"; filename="a.csv"', 'x'.repeat(500))}${part('name="b"', 'c')}--X--\n`)
    const names: string[] = []
    for await (const { name: found } of formParts(cut(bytes, [7]), TYPE, FILES)) names.push(found)
    expect(names).toEqual(['file', 'b'])
  })

  it('reads no further than is asked for', async () => {
    let read = 0
    async function* endless() {
      yield form(part('name="a"', 'b').concat('--X\nContent-Disposition: form-data; name="file"\n\n'))
      for (;;) {
        read++
        yield new Uint8Array(1000)
      }
    }
    for await (const found of formParts(endless(), TYPE, FILES)) {
      if (found.kind === 'field') continue
      await found.pieces.next()
      await found.pieces.next()
      break
    }
    expect(read).toBe(2)
  })

  it('has nothing after its end', async () => {
    const bytes = form(`preamble\n${part('name="a"', 'b')}--X--\n${part('name="c"', 'd')}--X--\n`)
    expect(await readForm(bytes, TYPE, [3])).toEqual([{ name: 'a', text: 'b' }])
  })

  it.each([
    ['nothing', '', { kind: 'malformed' }],
    [
      'a part that breaks off',
      part('name="a"', 'b'),
      { kind: 'malformed', problem: expect.stringContaining('breaks off') },
    ],
    [
      'a part without a name',
      `${part('filename="a"', 'b')}--X--\n`,
      { kind: 'malformed', problem: expect.stringContaining('no name') },
    ],
    [
      'more parts than the limit',
      `${part('name="a"', 'b').repeat(6)}--X--\n`,
      { problem: 'The form has more than 5 parts.' },
    ],
    ['a field above the limit', `${part('name="a"', 'b'.repeat(21))}--X--\n`, { kind: 'too_large', limit: 20 }],
    ['a file above the limit', `${part('name="file"', 'b'.repeat(31))}--X--\n`, { kind: 'too_large', limit: 30 }],
    [
      'a file name that stands for nothing',
      `${part("name=file; filename*=utf-8''%zz", 'b')}--X--\n`,
      { kind: 'malformed', problem: expect.stringContaining('file name') },
    ],
  ])('refuses %s', async (_, text, expected) => {
    const limits = { parts: 5, field: 20, file: 30 }
    expect(await failure(readForm(form(text), TYPE, [1000], limits))).toMatchObject(expected)
    expect(await failure(readForm(form(text), TYPE, [1], limits))).toMatchObject(expected)
  })

  it('needs a boundary', async () => {
    const bytes = form(`${part('name="a"', 'b')}--X--\n`)
    const told = await failure(readForm(bytes, 'multipart/form-data', [100]))
    expect(told).toMatchObject({ kind: 'malformed', problem: 'The content type names no boundary.' })
    expect(await readForm(bytes, 'multipart/form-data; charset=utf-8; Boundary="X"', [1])).toHaveLength(1)
  })
})
