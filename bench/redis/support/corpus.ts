import { seededRandom } from 'outdial'

/** A contact as a host has it: what is loaded into every engine, the same people in the same order. */
export interface Person {
  phone: string
  variables: { name: string; crm: string; due: string }
  row: number
}

/** Everything about everybody follows from it. */
const SEED = 20_270_104
const FIRST = ['Ann', 'José', 'Velvet', 'Noodle', 'Chloë', 'Gizmo', 'Maria', 'Wanda', 'Otis', 'Priya', 'Sven', 'Tomoko']
const LAST = ['Snickerdoodle', 'Cloudberry', 'Quillfeather', 'Ng', 'Müller', 'Okafor', 'Brambleby', 'Thistle', 'Wu']
/** Numbers of ten digits that begin with 2 to 9, in an order that looks like none: 4,093,082,899 has no factor in common. */
const NUMBERS = 8_000_000_000
const STEP = 4_093_082_899

/** So many people with numbers that nobody else has, made up and never dialed. About 120 bytes each as JSON. */
export function corpus(count: number): Person[] {
  const random = seededRandom(SEED)
  const pick = (n: number) => Math.floor(random.next() * n)
  return Array.from({ length: count }, (_, i) => {
    // 2 ** 53 is not reached before two million people.
    const phone = `+1${2_000_000_000 + ((i * STEP) % NUMBERS)}`
    const name = `${FIRST[pick(FIRST.length)]} ${LAST[pick(LAST.length)]}`
    const crm = Math.floor(random.next() * 36 ** 8).toString(36)
    const due = `2027-${String(1 + pick(12)).padStart(2, '0')}-${String(1 + pick(28)).padStart(2, '0')}`
    return { phone, variables: { name, crm, due }, row: i + 1 }
  })
}

/** The mean length of a contact as JSON. */
export function meanBytes(people: readonly Person[]): number {
  return people.reduce((sum, person) => sum + Buffer.byteLength(JSON.stringify(person)), 0) / people.length
}
