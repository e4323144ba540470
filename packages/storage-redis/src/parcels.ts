import { packBlock, unpackBlock } from './payload-blocks.js'

/*
 * Results of the calls of a job that ended in one exchange are packed together: they have most of their text in common. A
 * parcel begins with the indexes of the tasks.
 */

export function packParcel(results: ReadonlyMap<number, string>): Buffer {
  return packBlock([[...results.keys()].join(), ...results.values()])
}

function unpackParcel(bytes: Buffer): Map<number, string> {
  const [indexes = '', ...results] = unpackBlock(bytes)
  return new Map(indexes.split(',').map((index, i) => [Number(index), results[i] ?? '']))
}

/** A parcel as it is with a result taken out for good; its place stays. */
export function withoutResult(bytes: Buffer, index: number): Buffer {
  return packParcel(unpackParcel(bytes).set(index, ''))
}

/** Which parcel of which job: they are numbered from 1. */
export interface ParcelPlace {
  readonly jobId: string
  readonly parcel: number
}

/** Parcels that were read together. */
export class Parcels {
  readonly #found: Map<string, Map<number, string>> = new Map()

  /** Reads what is wanted; one round trip. `read` answers one, or nothing when its job is gone. */
  static async of(
    wanted: Iterable<ParcelPlace>,
    read: (place: ParcelPlace) => Promise<Buffer | null>,
  ): Promise<Parcels> {
    const places = new Map<string, ParcelPlace>()
    for (const place of wanted) places.set(`${place.jobId}:${place.parcel}`, place)
    const parcels = new Parcels()
    await Promise.all(
      [...places].map(async ([name, place]) => {
        const bytes = await read(place)
        if (bytes) parcels.#found.set(name, unpackParcel(bytes))
      }),
    )
    return parcels
  }

  result({ jobId, parcel }: ParcelPlace, index: number): string {
    return this.#found.get(`${jobId}:${parcel}`)?.get(index) ?? ''
  }
}
