import { MINUTE } from '../policy/duration.js'
import { areasOf } from '../policy/rules/areas.js'
import type { RuledJob } from '../policy/rules/rules-for.js'
import { finderFor, ownZones, type ZonedContact } from '../policy/zones.js'
import type { ZoneFinder } from '../ports/zones.js'

/** The zone in a lane's name when nothing is known of its contacts: that of the window or the job, whatever it becomes. */
export const DEFAULT_ZONE = '*'
/** When nobody has asked: each of them may be in another. */
export const ANY_ZONE = '?'

/** The lane of a job whose tasks have nothing to do with places. */
export const ONLY_LANE: string = `${DEFAULT_ZONE}|0`

/** What contacts of a lane have in common. */
export interface LaneClass {
  /** Zones as one text, {@link DEFAULT_ZONE} or {@link ANY_ZONE}. */
  zones: string
  priority: number
  /** Areas of rule sets; see `areasOf`. */
  areas: string
  /** Which part of how many of them it has: where openings are spread, each part has its own. */
  slice: number
  slices: number
}

/** `zones|priority`, and where they differ from the usual, `|areas|slice/slices`. */
function laneName({ zones, priority, areas, slice, slices }: LaneClass): string {
  const plain = `${zones}|${priority}`
  return areas === '' && slices === 1 ? plain : `${plain}|${areas}|${slice}/${slices}`
}

/** The class of a lane's name. */
export function readLaneName(name: string): LaneClass {
  const [zones, priority, areas = '', part = '0/1'] = name.split('|') as [string, string, string?, string?]
  const [slice, slices] = part.split('/').map(Number) as [number, number]
  return { zones, priority: Number(priority), areas, slice, slices }
}

/** What of a job decides about the lanes of its contacts. */
export interface LanedJob extends RuledJob {
  readonly spread?: number
}

/** Nobody notices shorter steps of an opening. */
const STEP = MINUTE
const MOST_SLICES = 16
/** A store looks at all lanes of a job: the more there are for other reasons, the fewer slices each gets. */
const MOST_LANES = 128

/** Finds the lanes of contacts. Those that differ in nothing but their turn take the slices of their lane in turn. */
export class LaneSorter {
  readonly #job: LanedJob
  readonly #finder: ZoneFinder | undefined
  readonly #timed: boolean
  readonly #sliced: Map<string, { names: readonly string[]; turn: number }> = new Map()
  /** Names of lanes that are nothing but zones: one text for each, so that whoever looks it up need not read it. */
  readonly #plain: Map<string, string> = new Map()

  constructor(job: LanedJob, finder: ZoneFinder | undefined) {
    this.#job = job
    this.#finder = finderFor(job, finder)
    this.#timed = job.window !== null || (job.rules ?? []).some(({ window }) => window !== undefined)
  }

  /** The name of a contact's lane. */
  nameFor(contact: ZonedContact & { readonly priority?: number }): string {
    const zones = contact.timezone ?? this.#zones(contact)
    const priority = contact.priority ?? 0
    const areas = areasOf(this.#job, contact.phone)
    if (!this.#timed || this.#job.spread === undefined) {
      if (priority !== 0 || areas !== '') return laneName({ zones, priority, areas, slice: 0, slices: 1 })
      let name = this.#plain.get(zones)
      if (name === undefined) {
        name = laneName({ zones, priority, areas, slice: 0, slices: 1 })
        this.#plain.set(zones, name)
      }
      return name
    }
    const key = laneName({ zones, priority, areas, slice: 0, slices: 0 })
    let sliced = this.#sliced.get(key)
    if (sliced === undefined) {
      const slices = this.#slices(this.#job.spread)
      const names = Array.from({ length: slices }, (_, slice) => laneName({ zones, priority, areas, slice, slices }))
      sliced = { names, turn: 0 }
      this.#sliced.set(key, sliced)
    }
    const name = sliced.names[sliced.turn] as string
    sliced.turn = (sliced.turn + 1) % sliced.names.length
    return name
  }

  /** Numbers are not looked up for a job without hours, whose contacts would be dialed in another order for nothing. */
  #zones(contact: ZonedContact): string {
    if (this.#finder !== undefined && !this.#timed) return ANY_ZONE
    return ownZones(contact, this.#finder) ?? DEFAULT_ZONE
  }

  #slices(spread: number): number {
    const room = Math.floor(MOST_LANES / (this.#sliced.size + 1))
    return Math.max(1, Math.min(MOST_SLICES, room, Math.ceil(spread / STEP)))
  }
}
