import { csv, readContacts } from '@outdial/contacts'
import { Parser } from 'csv-parse'
import parsePhoneNumber from 'libphonenumber-js/min'

/** What a benchmark measured. */
export interface Measured {
  key: string
  /** Ours divided by theirs; above 1 we are faster. */
  ratio: number
  ours: number
  theirs: number
  unit: string
}

const ROWS = 200_000
const RUNS = 5
const CHUNK = 65_536

/**
 * Reading contacts from CSV, with validation, duplicates and a report on every row, against the parts alone: csv-parse
 * into nothing, and then libphonenumber-js once for every number. The same bytes, in turn, in one process; medians.
 */
export async function benchContacts(): Promise<Measured> {
  const { chunks, phones } = corpus()
  const ours: number[] = []
  const theirs: number[] = []
  for (let run = 0; run <= RUNS; run++) {
    const parts = await seconds(() => partsAlone(chunks, phones))
    const whole = await seconds(() => readAll(chunks))
    // The first run of each only warms up.
    if (run === 0) continue
    theirs.push(ROWS / parts)
    ours.push(ROWS / whole)
  }
  const rates = { ours: Math.round(median(ours)), theirs: Math.round(median(theirs)) }
  return { key: 'contacts.csv', ratio: rates.ours / rates.theirs, ...rates, unit: 'rows/s' }
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

async function seconds(action: () => Promise<void>): Promise<number> {
  const start = performance.now()
  await action()
  return (performance.now() - start) / 1000
}

function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)]!
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
