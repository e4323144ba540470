import type { Person } from './corpus.js'

/** Area codes of large cities of the United States, from Honolulu to Boston. */
const AREA_CODES = [
  201, 202, 206, 210, 212, 213, 214, 215, 216, 301, 303, 305, 312, 313, 314, 316, 317, 401, 402, 404, 405, 407, 408,
  410, 412, 414, 415, 501, 502, 503, 504, 505, 512, 513, 515, 602, 603, 612, 614, 615, 617, 619, 702, 703, 713, 718,
  801, 803, 804, 808, 816, 901, 904, 907, 913, 916, 919,
]

/**
 * The same people with numbers of real cities, made up and never dialed: what decides when somebody may be called goes by the area
 * code. Most of all that three digits can be are none, and whoever has one of those could be in any zone of fifteen.
 */
export function inCities(people: readonly Person[]): Person[] {
  return people.map((person, i) => ({
    ...person,
    phone: `+1${AREA_CODES[i % AREA_CODES.length]}${person.phone.slice(-7)}`,
  }))
}
