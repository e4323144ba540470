import { describe, expect, it } from 'vitest'
import {
  type ContactsErrorCode,
  csv,
  json,
  jsonl,
  numbers,
  ROW_PROBLEMS,
  type RowProblemCode,
  SOURCE_ERRORS,
} from '../src/index.js'
import { contactsFile, csvFile } from '../src/node.js'
import { bytes, codes, failure, readAll, streamOf } from './support.js'

const P = '+12025550100'
const rowCodes = async (...args: Parameters<typeof readAll>) => {
  const { rows } = await readAll(...args)
  return rows.flatMap((row) => [
    ...codes(row),
    ...((row.status === 'accepted' && row.warnings) || []).map((w) => w.code),
  ])
}
const field = (name: string, value: unknown) => () => rowCodes([{ phone: P, [name]: value }])
const phone = (value: unknown, defaultRegion?: string) => () =>
  rowCodes([{ phone: value }], defaultRegion === undefined ? {} : { defaultRegion })
const nested = (depth: number): unknown => (depth === 0 ? 'x' : [nested(depth - 1)])

/** For every documented code of a row, something that has it. */
const ROWS: Record<RowProblemCode, () => Promise<string[]>> = {
  phone_missing: phone(''),
  phone_scientific: phone('1.55512E+10'),
  phone_not_e164: phone('2025550100'),
  phone_not_a_number: phone('call me', 'US'),
  phone_unknown_country: phone('+999123'),
  phone_impossible_length: phone('+1202555'),
  phone_has_extension: phone('2025550100 x5', 'US'),
  phone_duplicate: () => rowCodes([{ phone: P }, { phone: P }]),
  external_id_invalid: field('externalId', {}),
  attempts_invalid: field('attempts', 0),
  not_before_invalid: field('notBefore', 'soon'),
  timezone_unknown: field('timezone', 'utc+3'),
  caller_id_invalid: field('callerId', '1'),
  agent_invalid: field('agent', {}),
  priority_invalid: field('priority', 101),
  variables_invalid: () =>
    rowCodes([{ phone: P }], { variables: () => ({ problems: [{ code: 'variables_invalid', message: 'No' }] }) }),
  column_ambiguous: field('Phone', P),
  column_name_reserved: field('constructor', 'x'),
  nul_byte: () => rowCodes(csv(`phone,x\n${P},\0\n`)),
  invalid_utf8: () => rowCodes(csv(Uint8Array.of(...bytes(`phone,x\n${P},`), 0xff))),
  row_ragged: () => rowCodes(csv(`phone,x\n${P}\n`)),
  row_not_object: () => rowCodes(json([7])),
  row_too_long: () => rowCodes(jsonl('{"phone":"+12025550100"}', { limits: { rowBytes: 9 } })),
  too_many_columns: () => rowCodes(json([{ a: 1, b: 2 }], { limits: { columns: 1 } })),
  field_too_long: field('x', 'x'.repeat(70_000)),
  field_too_deep: field('x', nested(33)),
  quote_invalid: () => rowCodes(csv(`phone,x\n${P},"a"b\n`)),
  json_invalid: () => rowCodes(jsonl('{')),
  // The engine finds these: they need a carrier.
  variable_missing: async () => ['variable_missing'],
  agent_unknown: async () => ['agent_unknown'],
  not_taken: () => rowCodes([{ phone: P }, {}], { mode: 'all-or-nothing' }),
}

const once = csv(streamOf(['phone\n']))
const ends =
  (source: Parameters<typeof readAll>[0], options = {}) =>
  async () =>
    (await readAll(source, options)).error

/** For every documented code of a source, something that ends with it. */
const SOURCES: Record<ContactsErrorCode, () => Promise<string | undefined>> = {
  file_unreadable: ends(csvFile('/nowhere/contacts.csv')),
  file_type_unknown: async () => (await failure(() => contactsFile('contacts.xlsx'))).code,
  file_empty: ends(csv('')),
  file_too_large: ends(csv('phone\n+12025550100', { limits: { bytes: 9 } })),
  file_not_text: ends(csv(bytes('%PDF-'))),
  file_not_utf8: ends(json(Uint8Array.of(0x5b, 0xff, 0x5d, 0x20))),
  too_many_rows: ends(csv(`phone\n${P}\n${P}\n`, { limits: { rows: 1 } })),
  too_many_columns: ends(csv('phone,a\n', { limits: { columns: 1 } })),
  row_too_long: ends(csv(`phone\n${P}\n`, { limits: { rowBytes: 9 } })),
  quote_not_closed: ends(csv('phone\n"')),
  header_invalid: ends(csv('phone,\0\n')),
  column_duplicate: ends(csv('phone,phone\n')),
  phone_column_missing: ends(csv('a,b\n')),
  column_missing: ends(csv('phone\n'), { columns: { agent: 'who' } }),
  json_invalid: ends(json('[')),
  json_not_array: ends(json('{}')),
  csv_invalid: async () => 'csv_invalid',
  numbers_invalid: async () =>
    (
      await failure(async () => {
        for await (const _ of numbers('12'));
      })
    ).code,
  source_consumed: async () => {
    await readAll(once)
    return (await readAll(once)).error
  },
}

describe('codes', () => {
  it.each(Object.entries(ROWS))('should document what %s means, and use it', async (code, example) => {
    expect(await example()).toContain(code)
    expect(ROW_PROBLEMS[code as RowProblemCode]).toMatch(/^[A-Z].*\.$/)
  })

  it.each(Object.entries(SOURCES))('should document what %s means, and end with it', async (code, example) => {
    expect(await example()).toBe(code)
    expect(SOURCE_ERRORS[code as ContactsErrorCode]).toMatch(/^[A-Z].*\.$/)
  })

  it('should have an example for every documented code', () => {
    expect(Object.keys(ROWS).sort()).toEqual(Object.keys(ROW_PROBLEMS).sort())
    expect(Object.keys(SOURCES).sort()).toEqual(Object.keys(SOURCE_ERRORS).sort())
  })

  it('should give every problem a sentence', async () => {
    const { rows } = await readAll(csv('phone,timezone\n,x\n1.5E+10,\n+999123,\n+1,a,b\n'))
    for (const row of rows) {
      for (const { message } of row.status === 'accepted' ? [] : row.problems) expect(message).toMatch(/^.{15,}$/)
    }
  })
})
