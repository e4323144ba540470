import { createHash } from 'node:crypto'
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
}

/**
 * Removes what is known of an ended task: in the log and in the ledger, a part in each step, and then with its payload and its
 * results. What is packed with that of others is packed anew without it.
 */
export async function redactTask(stored: Redactable, jobId: string, index: number): Promise<void> {
  for (let log: unknown = 0; log !== true; ) log = await stored.redact({ jobId, index, log })
  for (let ledger: unknown = 0; ledger !== true; ) ledger = await stored.redact({ jobId, index, ledger })
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
    was = read.map((one) => createHash('sha1').update(one).digest('hex'))
    bytes = read.map((one, i) =>
      i === 0 && block ? packBlock(unpackBlock(one).with(position, '')) : withoutResult(one, index),
    )
  }
}
