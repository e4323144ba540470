import { decodeField, type MultipartError, make, type PartInfo } from 'multipasta'
import { RequestFailed } from './failure.js'
import { WholeDelimiters } from './multipart-delimiters.js'

/** One part of a form: a field with its text, or a file as it comes. */
export type FormPart = { kind: 'field'; name: string; value: string } | FilePart

/** A file is to be read, or left, before the next part is asked for: what is left of it is then passed over. */
export interface FilePart {
  kind: 'file'
  name: string
  /** As the client called it; absent when it did not. */
  filename?: string
  pieces: AsyncGenerator<Uint8Array, void, undefined>
}

export interface FormLimits {
  /** Parts of the form. Default 50. */
  parts?: number
  /** Bytes of one field. Default 64 KiB. */
  field?: number
  /** Bytes of one file. Default: what the body may have. */
  file?: number
}

/** What the parser found, in the order of the form. */
type Found = FormPart | { kind: 'piece'; bytes: Uint8Array } | { kind: 'end' }

/**
 * The parts of a `multipart/form-data` body in their order, read as they come: nothing is held but one piece of the body
 * and the field at hand. `files` says which parts are files, by name; all others are fields.
 *
 * Throws `malformed` for what is no form or breaks off, and `too_large` above a limit.
 */
export async function* formParts(
  body: AsyncIterable<Uint8Array>,
  contentType: string,
  files: ReadonlySet<string>,
  limits: FormLimits = {},
): AsyncGenerator<FormPart, void, undefined> {
  const form = new FormReader(body, contentType, files, limits)
  try {
    for (let next = await form.next(); next; next = await form.next()) {
      // Pieces of a file that nobody read on are passed over.
      if (next.kind === 'field' || next.kind === 'file') yield next
    }
  } finally {
    await form.close()
  }
}

class FormReader {
  readonly #body: AsyncIterator<Uint8Array>
  readonly #parser: { write(chunk: Uint8Array): void; end(): void }
  readonly #limits: Required<FormLimits>
  readonly #delimiters: WholeDelimiters
  #found: Found[] = []
  #error: RequestFailed | undefined
  /** The form's last line has been read. What follows is no part of it. */
  #over = false

  constructor(body: AsyncIterable<Uint8Array>, contentType: string, files: ReadonlySet<string>, limits: FormLimits) {
    const { parts = 50, field = 64 * 1024, file = Number.POSITIVE_INFINITY } = limits
    this.#limits = { parts, field, file }
    this.#body = body[Symbol.asyncIterator]()
    this.#delimiters = new WholeDelimiters(contentType)
    this.#parser = make({
      headers: { 'content-type': contentType },
      maxParts: parts,
      maxFieldSize: field,
      isFile: ({ name }) => files.has(name),
      onField: (info, value) => {
        this.#add({ kind: 'field', name: info.name, value: decodeField(info, value) })
      },
      onFile: (info) => this.#file(info),
      onError: (error) => {
        // After its end there may be anything: RFC 2046 calls it epilogue.
        if (!this.#over) this.#error ??= this.#failure(error)
      },
      onDone: () => {
        this.#over = true
      },
    })
  }

  /** What comes next; nothing when the form is over. */
  async next(): Promise<Found | undefined> {
    for (;;) {
      const found = this.#found.shift()
      if (found) return found
      if (this.#error) throw this.#error
      const { done, value } = await this.#body.next()
      if (done && this.#over) return undefined
      if (done) throw malformed('The form breaks off before its end.')
      // Read to its end even so, that the connection can be used again.
      if (!this.#over) this.#write(this.#delimiters.complete(value))
    }
  }

  async close(): Promise<void> {
    await this.#body.return?.()
  }

  #write(piece: Uint8Array): void {
    try {
      this.#parser.write(piece)
    } catch (error) {
      // A file name whose percent signs stand for nothing.
      if (!(error instanceof URIError)) throw error
      this.#error ??= malformed('A part of the form has a file name that cannot be read.')
    }
  }

  #file(info: PartInfo): (chunk: Uint8Array | null) => void {
    const part: FilePart = {
      kind: 'file',
      name: info.name,
      ...(info.filename !== undefined && { filename: info.filename }),
      pieces: this.#pieces(),
    }
    this.#add(part)
    let size = 0
    return (chunk) => {
      if (chunk === null) {
        this.#add({ kind: 'end' })
        return
      }
      size += chunk.length
      const { file } = this.#limits
      if (size > file) this.#error ??= new RequestFailed({ kind: 'too_large', what: 'body', limit: file })
      else this.#add({ kind: 'piece', bytes: chunk })
    }
  }

  /** What is found after the form's end is no part of it, and what is found after an error is not believed. */
  #add(found: Found): void {
    if (!this.#over && !this.#error) this.#found.push(found)
  }

  async *#pieces(): AsyncGenerator<Uint8Array, void, undefined> {
    for (let next = await this.next(); next?.kind === 'piece'; next = await this.next()) yield next.bytes
  }

  #failure(error: MultipartError): RequestFailed {
    switch (error._tag) {
      case 'InvalidBoundary':
        return malformed('The content type names no boundary.')
      case 'BadHeaders':
        return malformed('A part of the form has headers that cannot be read.')
      case 'InvalidDisposition':
        return malformed('A part of the form has no name.')
      case 'EndNotReached':
        return malformed('The form breaks off before its end.')
      case 'ReachedLimit':
        return error.limit === 'MaxFieldSize'
          ? new RequestFailed({ kind: 'too_large', what: 'body', limit: this.#limits.field })
          : malformed(`The form has more than ${this.#limits.parts} parts.`)
    }
  }
}

function malformed(problem: string): RequestFailed {
  return new RequestFailed({ kind: 'malformed', problem })
}
