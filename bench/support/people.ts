/** One row of a list of people. All numbers are made up and never dialed. */
export type Row = Readonly<Record<string, string>>

const FIRST = ['Ann', 'José', 'Velvet', 'Noodle', 'Chloë', 'Gizmo', 'Maria', 'Wanda']
const LAST = ['Snickerdoodle', 'Cloudberry', 'Quillfeather', 'Featherstonehaugh', 'Ng', 'Müller', 'Okafor']
const CITIES = ['San Francisco', 'Seattle', 'New York', 'Chicago', 'Boise', 'Albuquerque', 'El Paso']
const AREAS = 600
/** The four zones of the contiguous United States, by how many of a hundred people live there. */
const ZONES = [
  { timezone: 'America/New_York', people: 47 },
  { timezone: 'America/Chicago', people: 29 },
  { timezone: 'America/Denver', people: 7 },
  { timezone: 'America/Los_Angeles', people: 17 },
]
const HUNDRED = ZONES.flatMap(({ timezone, people }) => new Array<string>(people).fill(timezone))

/** The person at this place of the list, with a number that nobody else has. */
export function person(i: number): Row {
  return {
    phone: `+1${201 + (i % AREAS)}${2_000_000 + Math.floor(i / AREAS)}`,
    name: `${FIRST[i % FIRST.length]} ${LAST[i % LAST.length]}`,
    city: CITIES[i % CITIES.length] as string,
    appointment: `2027-05-${10 + (i % 19)}T${10 + (i % 8)}:30`,
  }
}

/** The same with the zone where the person is. 37 has nothing in common with 100: the zones come mixed. */
export function personInZone(i: number): Row {
  return { ...person(i), timezone: HUNDRED[(i * 37) % HUNDRED.length] as string }
}

/** So many rows, made one by one as they are read. */
export function* list(count: number, row: (i: number) => Row): Generator<Row, void, undefined> {
  for (let i = 0; i < count; i++) yield row(i)
}
