import type { ZoneFinder } from '@outdial/core'
import { ZONE_DATA, ZONE_DATA_VERSION } from './zone-data.js'

/** A digit of a number → what follows. */
interface Node {
  readonly next: (Node | undefined)[]
  zones: readonly string[] | undefined
}

const ZERO = 48
const NOWHERE: readonly string[] = []

/** North American numbers that belong to no place: toll-free, personal, premium and the like. */
const PLACELESS =
  /^\+1(?:8(?:00|22|33|44|55|66|77|8\d)|5(?:00|2[1-9]|33|44|66|77|88)|6(?:00|22|33|44|55|77|88)|700|710|900)/

let tree: Node | undefined

/**
 * The time zones of numbers by how they begin, from the data of Google's libphonenumber.
 *
 * What is listed exactly has the zone listed. What is only known to be in an area or a country of several zones may be in any of them, mobile numbers
 * of most large countries for instance: the person has to be callable in all. Numbers that belong to no place (toll-free, satellite) have
 * none. Nobody knows where somebody took a mobile number, so a zone that the contact itself brings is better.
 */
export function numberZones(): ZoneFinder {
  return {
    version: ZONE_DATA_VERSION,
    zonesOf: (phone) => {
      tree ??= grow()
      let node = tree
      let found: Node | undefined
      for (let at = 1; at < phone.length; at++) {
        const next = node.next[phone.charCodeAt(at) - ZERO]
        if (next === undefined) break
        if (next.zones !== undefined) found = next
        node = next
      }
      if (found === undefined) return NOWHERE
      // Nothing finer is known than that it begins with a 1.
      if (found === tree.next[1] && PLACELESS.test(phone)) return NOWHERE
      return found.zones ?? NOWHERE
    },
  }
}

function grow(): Node {
  const root: Node = { next: [], zones: undefined }
  for (const [names, packed] of ZONE_DATA) {
    const zones = Object.freeze(names.split(','))
    let prefix = ''
    for (const [, shared = '', rest] of packed.matchAll(/([a-z])(\d+)/g)) {
      prefix = prefix.slice(0, shared.charCodeAt(0) - 97) + rest
      plant(root, prefix, zones)
    }
  }
  return root
}

function plant(root: Node, prefix: string, zones: readonly string[]): void {
  let node = root
  for (let at = 0; at < prefix.length; at++) {
    const digit = prefix.charCodeAt(at) - ZERO
    node.next[digit] ??= { next: [], zones: undefined }
    node = node.next[digit]
  }
  node.zones = zones
}
