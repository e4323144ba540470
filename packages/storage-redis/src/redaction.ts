import { createHash } from 'node:crypto'
import { withoutTask } from './ledger-parcels.js'
import type { Packed } from './msgpack.js'
import { type ParcelPlace, withoutResult } from './parcels.js'
import { type PayloadPlace, packBlock, unpackBlock } from './payload-blocks.js'
import type { RunOptions } from './server.js'

/** What is stored, and where it is removed. */
export interface Redactable {
  redact(args: object, options?: RunOptions): Promise<Packed>
  /** The bytes of a block of payloads that loses one of them: what was read of it before is good no more. */
  block(place: PayloadPlace): Promise<Buffer | null | undefined>
  parcel(place: ParcelPlace): Promise<Buffer | null>
  /** Parcels of the ledger by their first entries. */
  entries(firsts: readonly number[]): Promise<(Buffer | null)[]>
}

/**
 * Removes what is known of an ended task: in the log and in the ledger, a part in each step, and then with its payload and its
 * results. What is packed with that of others is packed anew without it.
 */
export async function redactTask(stored: Redactable, jobId: string, index: number): Promise<void> {
  for (let log: unknown = 0; log !== true; ) log = await stored.redact({ jobId, index, log })
  await redactLedger(stored, jobId, index)
  let was: string[] = []
  let bytes: Buffer[] = []
  for (;;) {
    const told = await stored.redact({ jobId, index, was }, { bytes, safe: true })
    if (!told) return
    const [block, position, parcels] = told as [string | false, number, number[]]
    const read: Buffer[] = []
    if (block) read.push((await stored.block({ jobId, block, position })) ?? Buffer.alloc(0))
    for (const parcel of parcels) read.push((await stored.parcel({ jobId, parcel })) ?? Buffer.alloc(0))
    // Its job was removed in this moment.
    if (read.some(({ length }) => length === 0)) return
    was = read.map(hashOf)
    bytes = read.map((one, i) =>
      i === 0 && block ? packBlock(unpackBlock(one).with(position, '')) : withoutResult(one, index),
    )
  }
}

/** Entries of the ledger that are about it are kept, and say nothing more. */
async function redactLedger(stored: Redactable, jobId: string, index: number): Promise<void> {
  for (let from = 0; ; ) {
    const firsts = await stored.redact({ jobId, index, ledger: from })
    if (firsts === true) return
    await Promise.all((firsts as number[]).map((entries) => redactParcel(stored, { jobId, index, entries })))
    from = ((firsts as number[]).at(-1) as number) + 1
  }
}

/** Does so in one parcel. Others may be redacted in it, or it may be acknowledged, at the same time. */
async function redactParcel(stored: Redactable, place: { jobId: string; index: number; entries: number }) {
  for (let done: unknown = false; done !== true; ) {
    const [parcel] = await stored.entries([place.entries])
    const bytes = parcel && withoutTask(parcel, place.jobId, place.index)
    if (!bytes) return
    done = await stored.redact({ ...place, was: hashOf(parcel) }, { bytes: [bytes] })
  }
}

function hashOf(bytes: Buffer): string {
  return createHash('sha1').update(bytes).digest('hex')
}
