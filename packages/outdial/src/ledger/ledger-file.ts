import { createReadStream } from 'node:fs'
import { type FileHandle, open, rename, rm } from 'node:fs/promises'
import { createInterface } from 'node:readline'
import type { AttemptEntry, ErasedPerson, LedgerSink } from '@outdial/core'

/** A ledger in a file. */
export interface LedgerFile extends LedgerSink {
  /** Lets go of the file, when what is being written has been. */
  close(): Promise<void>
}

const LF = 0x0a

/**
 * A ledger in a file of JSON Lines: an entry a line, on disk before it counts as kept (`fsync`). The file is made with the first
 * entry, and only added to; what a crash has left unfinished at its end is cut off. One process at a time may write it. An entry may be there twice:
 * those of one `id` are the same.
 */
export function ledgerFile(path: string): LedgerFile {
  return new JsonLines(path)
}

class JsonLines implements LedgerFile {
  readonly #path: string
  #file: FileHandle | undefined
  /** One thing after the other. */
  #last: Promise<unknown> = Promise.resolve()

  constructor(path: string) {
    this.#path = path
  }

  append(entries: readonly AttemptEntry[]): Promise<void> {
    const text = entries.map((entry) => `${JSON.stringify(entry)}\n`).join('')
    return this.#inTurn(async () => {
      this.#file ??= await openAtLineEnd(this.#path)
      const { size } = await this.#file.stat()
      try {
        await this.#file.appendFile(text)
        await this.#file.datasync()
      } catch (error) {
        // Half a line would spoil the next one. If even this fails, it is cut off when the file is opened again.
        await this.#file.truncate(size).catch(() => this.#release())
        throw error
      }
    })
  }

  erase(person: ErasedPerson): Promise<void> {
    return this.#inTurn(async () => {
      await this.#release()
      const copy = `${this.#path}.erasing`
      const to = await open(copy, 'w', 0o600)
      try {
        for await (const line of linesOf(this.#path)) await to.write(`${withoutPerson(line, person)}\n`)
        await to.datasync()
        await to.close()
        await rename(copy, this.#path)
      } catch (error) {
        await to.close().catch(() => {})
        await rm(copy, { force: true })
        throw error
      }
    })
  }

  close(): Promise<void> {
    return this.#inTurn(() => this.#release())
  }

  async #release(): Promise<void> {
    const file = this.#file
    this.#file = undefined
    await file?.close()
  }

  #inTurn<T>(work: () => Promise<T>): Promise<T> {
    const done = this.#last.then(work)
    this.#last = done.catch(() => {})
    return done
  }
}

/** Opens a file to add lines to it; a line without an end was never acknowledged. */
async function openAtLineEnd(path: string): Promise<FileHandle> {
  const file = await open(path, 'a+', 0o600)
  try {
    const { size } = await file.stat()
    const block = Buffer.alloc(65_536)
    let end = size
    while (end > 0) {
      const from = Math.max(0, end - block.length)
      const { bytesRead } = await file.read(block, 0, end - from, from)
      const at = block.subarray(0, bytesRead).lastIndexOf(LF)
      if (at >= 0) {
        end = from + at + 1
        break
      }
      end = from
    }
    if (end < size) await file.truncate(end)
    return file
  } catch (error) {
    await file.close()
    throw error
  }
}

async function* linesOf(path: string): AsyncGenerator<string, void, undefined> {
  try {
    for await (const line of createInterface({ input: createReadStream(path), crlfDelay: Number.POSITIVE_INFINITY })) {
      if (line !== '') yield line
    }
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error
  }
}

/** A line without what says who was called, if it is this person; what it counts stays. */
function withoutPerson(line: string, { organization, phones, externalId }: ErasedPerson): string {
  const entry = parsed(line)
  if (entry?.organization !== organization) return line
  const known = (entry.to !== undefined && phones.includes(entry.to)) || isSame(entry.externalId, externalId)
  if (!known) return line
  const { to: _, externalId: __, raw: ___, report: ____, ...rest } = entry
  return JSON.stringify({ ...rest, erased: true })
}

function isSame(one: string | undefined, other: string | undefined): boolean {
  return one !== undefined && one === other
}

/** What is cut off at the end of a file, or was never ours, stays as it is. */
function parsed(line: string): AttemptEntry | undefined {
  try {
    return JSON.parse(line) as AttemptEntry
  } catch {
    return undefined
  }
}
