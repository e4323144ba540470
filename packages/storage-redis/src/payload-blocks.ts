import { deflateRawSync, inflateRawSync } from 'node:zlib'

/** Payloads of one block. The scripts know it too. */
const BLOCK = 256
/** Blocks kept unpacked, as claims come to their tasks in order. */
const KEPT = 512

/** How the payloads of a block are joined: by the first byte. A payload is mostly JSON, which has no line breaks in it. */
const LINES = 1
const JSON_LIST = 2

/** Packs payloads, block by block, in their order. */
export function packBlocks(payloads: readonly string[]): Buffer[] {
  const blocks: Buffer[] = []
  for (let from = 0; from < payloads.length; from += BLOCK) blocks.push(packBlock(payloads.slice(from, from + BLOCK)))
  return blocks
}

export function packBlock(payloads: readonly string[]): Buffer {
  const lines = !payloads.some((payload) => payload.includes('\n'))
  const text = lines ? payloads.join('\n') : JSON.stringify(payloads)
  return Buffer.concat([Buffer.of(lines ? LINES : JSON_LIST), deflateRawSync(text, { level: 1 })])
}

export function unpackBlock(bytes: Buffer): string[] {
  const text = inflateRawSync(bytes.subarray(1)).toString('utf8')
  return bytes[0] === LINES ? text.split('\n') : (JSON.parse(text) as string[])
}

/** Where a payload is. */
export interface PayloadPlace {
  readonly jobId: string
  readonly block: string
  readonly position: number
}

/**
 * Payloads by where they are. A block never changes but for what is redacted in it, and nobody is told where a redacted
 * payload was; so what was read once is good as long as it is kept.
 */
export class PayloadBlocks {
  readonly #read: (names: readonly string[]) => Promise<(Buffer | null)[]>
  readonly #blocks: Map<string, readonly string[]> = new Map()

  /** `read` answers blocks by name, `job:block`. */
  constructor(read: (names: readonly string[]) => Promise<(Buffer | null)[]>) {
    this.#read = read
  }

  /** Makes sure that these can be taken; one round trip if any has to be read. */
  async expect(places: Iterable<PayloadPlace>): Promise<Map<string, readonly string[]>> {
    const found = new Map<string, readonly string[]>()
    const missing = new Set<string>()
    for (const { jobId, block } of places) {
      const name = `${jobId}:${block}`
      const known = this.#blocks.get(name)
      if (known) found.set(name, known)
      else missing.add(name)
    }
    if (missing.size === 0) return found
    const names = [...missing]
    for (const [i, bytes] of (await this.#read(names)).entries()) {
      if (!bytes) continue
      const name = names[i] as string
      const payloads = unpackBlock(bytes)
      found.set(name, payloads)
      this.#blocks.set(name, payloads)
    }
    for (const name of this.#blocks.keys()) {
      if (this.#blocks.size <= KEPT) break
      this.#blocks.delete(name)
    }
    return found
  }

  forget({ jobId, block }: PayloadPlace): void {
    this.#blocks.delete(`${jobId}:${block}`)
  }
}

/** Takes a payload out of what was expected; `undefined` when its block is gone, with its job. */
export function payloadOf(
  found: ReadonlyMap<string, readonly string[]>,
  { jobId, block, position }: PayloadPlace,
): string | undefined {
  return found.get(`${jobId}:${block}`)?.[position]
}
