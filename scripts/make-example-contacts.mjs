// node scripts/make-example-contacts.mjs: writes examples/data/contacts.csv anew. The same seed gives the same file.
//
// 1,200 rows: 1,090 good ones and 11 of each of ten kinds of bad ones. Nobody in it exists, and every number that could
// be dialed is reserved for fiction: 555-0100 to 555-0199 in North American areas, 020 7946 0xxx and 07700 900xxx in Britain.
import { mkdirSync, writeFileSync } from 'node:fs'

const TARGET = new URL('../examples/data/contacts.csv', import.meta.url)
const GOOD = 1_090
const BAD_OF_EACH = 11
const BRITISH = 140

const AREAS = [
  ['202', 'Washington'],
  ['206', 'Seattle'],
  ['212', 'New York'],
  ['305', 'Miami'],
  ['312', 'Chicago'],
  ['404', 'Atlanta'],
  ['415', 'San Francisco'],
  ['503', 'Portland'],
  ['602', 'Phoenix'],
  ['617', 'Boston'],
  ['702', 'Las Vegas'],
  ['713', 'Houston'],
]
const FIRST = 'Pixel Marmalade Biscuit Thimble Juniper Gizmo Pumpkin Waffle Cricket Noodle Velvet Pebble'.split(' ')
const LAST = 'Lanternfish Quillfeather Moonbeam Teapotski Snickerdoodle Cloudberry Featherstonehaugh Dandelion'.split(
  ' ',
)

const random = randomFrom(1_912_0623)
const pick = (list) => list[Math.floor(random() * list.length)]

/** Numbers that exist in fiction only, each given out once. */
const people = shuffled([
  ...AREAS.flatMap(([area, city]) => range(100).map((n) => ({ phone: `+1${area}55501${pad(n, 2)}`, city }))),
  ...range(BRITISH / 2).map((n) => ({ phone: `+442079460${pad(n, 3)}`, city: 'London' })),
  ...range(BRITISH / 2).map((n) => ({ phone: `+447700900${pad(n, 3)}`, city: 'Manchester' })),
])

const good = range(GOOD).map(() => row(people.pop()))

/** The kinds of bad rows, each made of a person who is in no other row. */
const BAD = {
  'no phone': ({ city }) => row({ phone: '', city }),
  'no plus': ({ phone, city }) => row({ phone: phone.slice(1), city }),
  formatted: ({ phone, city }) => row({ phone: formatted(phone), city }),
  'rounded by a spreadsheet': ({ city }) => row({ phone: '1.20256E+10', city }),
  letters: ({ city }) => row({ phone: pick(['call the office', 'unknown', '+1202555FISH']), city }),
  'too short': ({ phone, city }) => row({ phone: phone.slice(0, 8), city }),
  'no such country': ({ phone, city }) => row({ phone: `+999${phone.slice(-6)}`, city }),
  'a field too many': (person) => row(person).replace(/,(?=[^,]*,[^,]*$)/, ', Esq.,'),
  duplicate: () => row({ phone: pick(good).split(',')[0], city: pick(AREAS)[1] }),
  // Latin-1 in a UTF-8 file: written as bytes below.
  'not UTF-8': (person) => row(person, 'Ren\u00e9e Caf\u00e9'),
}
const bad = Object.values(BAD).flatMap((make) => range(BAD_OF_EACH).map(() => make(people.pop())))

const latin1 = new Set(bad.slice(-BAD_OF_EACH))
const [first, ...rest] = good
// The first row is good, so that the top of the file shows what a row is.
const rows = [first, ...shuffled([...rest, ...bad])]
const lines = ['phone,name,city,appointment', ...rows]

mkdirSync(new URL('.', TARGET), { recursive: true })
writeFileSync(
  TARGET,
  Buffer.concat(lines.map((line) => Buffer.from(`${line}\n`, latin1.has(line) ? 'latin1' : 'utf8'))),
)

function row({ phone, city }, name = fictional()) {
  const day = pad(1 + Math.floor(random() * 28), 2)
  const time = `${pad(9 + Math.floor(random() * 8), 2)}:${pick(['00', '15', '30', '45'])}`
  return [phone, name, city, `2027-05-${day}T${time}`].join(',')
}

/** Some names have a comma or quotes, as names in real files do. */
function fictional() {
  const name = [pick(FIRST), pick(LAST)]
  const kind = random()
  if (kind < 0.04) return `"${name[1]}, ${name[0]}"`
  return kind < 0.06 ? `"${name[0]} ""The Spoon"" ${name[1]}"` : name.join(' ')
}

/** With what people put between digits, but always with its country: in whatever region it is read, it is the same number. */
function formatted(phone) {
  if (phone.startsWith('+1')) return `+1 (${phone.slice(2, 5)}) ${phone.slice(5, 8)}-${phone.slice(8)}`
  return `+44 ${phone.slice(3, 5)} ${phone.slice(5, 9)} ${phone.slice(9)}`
}

function shuffled(list) {
  const copy = [...list]
  for (let i = copy.length - 1; i > 0; i--) {
    const j = Math.floor(random() * (i + 1))
    ;[copy[i], copy[j]] = [copy[j], copy[i]]
  }
  return copy
}

function range(count) {
  return Array.from({ length: count }, (_, i) => i)
}

function pad(number, width) {
  return String(number).padStart(width, '0')
}

function randomFrom(seed) {
  let state = seed
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0
    return state / 0x1_0000_0000
  }
}
