import { Parser } from 'csv-parse'
import parsePhoneNumber from 'libphonenumber-js/min'
import { csv, readContacts } from 'outdial'
import { digits, range } from './support/format.js'
import { inTurn, microsecondsEach, speed, timed } from './support/measure.js'
import { atLeast, type Result } from './support/result.js'

const ROWS = 200_000
const REPEATS = 5
const CHUNK = 65_536

/**
 * Reading contacts from CSV, with validation, duplicates and a report on every row, against the parts alone: csv-parse
 * into nothing, and then libphonenumber-js once for every number. The same bytes.
 */
export async function run(): Promise<Result> {
  const { chunks, phones } = corpus()
  const samples = await inTurn(REPEATS, {
    ours: () => timed(() => readAll(chunks)),
    theirs: () => timed(() => partsAlone(chunks, phones)),
  })
  const ratio = speed(samples.ours, samples.theirs)
  const ours = microsecondsEach(samples.ours, ROWS)
  const theirs = microsecondsEach(samples.theirs, ROWS)
  return atLeast(0.6, {
    value: ratio.cpu.median,
    unit: '× the row rate of csv-parse and libphonenumber-js alone',
    details: { rows: ROWS, repeats: REPEATS, ratio, microseconds: { ours, theirs } },
    notes: [
      `${range(ratio.cpu)} by CPU time, ${range(ratio.wall)} by wall time; ` +
        `${digits(ours.cpu.median)} against ${digits(theirs.cpu.median)} µs of CPU a row`,
    ],
  })
}

async function readAll(chunks: readonly Uint8Array[]): Promise<void> {
  const reading = readContacts(csv(() => streamOf(chunks)))
  for await (const _ of reading.batches());
  expectRows(reading.counts.accepted)
}

async function partsAlone(chunks: readonly Uint8Array[], phones: readonly string[]): Promise<void> {
  const parser = new Parser({})
  let rows = 0
  const ended = new Promise<void>((resolve, reject) => {
    parser
      .on('data', () => rows++)
      .on('end', resolve)
      .on('error', reject)
  })
  for (const chunk of chunks) {
    if (!parser.write(chunk)) await new Promise<void>((resolve) => parser.once('drain', () => resolve()))
  }
  parser.end()
  await ended
  expectRows(rows - 1)
  expectRows(phones.filter((phone) => parsePhoneNumber(phone)?.isPossible()).length)
}

/** Numbers of many North American areas. They are made up and never dialed. */
function corpus(): { chunks: Uint8Array[]; phones: string[] } {
  const random = randomFrom(20_260_401)
  const phones = new Set<string>()
  while (phones.size < ROWS)
    phones.add(`+1${200 + Math.floor(random() * 700)}${2_000_000 + Math.floor(random() * 7_999_999)}`)
  const rows = [...phones].map((phone, i) => `${phone},Person ${i},City ${i % 97},2026-04-${10 + (i % 19)}T10:30`)
  const bytes = new TextEncoder().encode(`phone,name,city,appointment\n${rows.join('\n')}\n`)
  const chunks = Array.from({ length: Math.ceil(bytes.length / CHUNK) }, (_, i) =>
    bytes.subarray(i * CHUNK, (i + 1) * CHUNK),
  )
  return { chunks, phones: [...phones] }
}

async function* streamOf(chunks: readonly Uint8Array[]): AsyncGenerator<Uint8Array, void, undefined> {
  yield* chunks
}

function randomFrom(seed: number): () => number {
  let state = seed
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0
    return state / 0x1_0000_0000
  }
}

function expectRows(count: number): void {
  if (count !== ROWS) throw new Error(`expected ${ROWS} rows, got ${count}`)
}
