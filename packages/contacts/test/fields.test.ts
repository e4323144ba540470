import type { Contact } from '@outdial/core'
import { describe, expect, it } from 'vitest'
import { codes, readRow } from './support.js'

const PHONE = '+12025550100'

/** The contact that a row becomes, or the codes of what is wrong with it. */
async function read(row: Record<string, unknown>, options = {}): Promise<Contact | string[]> {
  const found = await readRow([{ phone: PHONE, ...row }], options)
  return found.status === 'accepted' ? found.contact : codes(found)
}

describe('optional fields', () => {
  it.each(['externalId', 'attempts', 'notBefore', 'timezone', 'callerId', 'agent', 'priority'])(
    'should leave out an empty %s',
    async (field) => {
      for (const nothing of ['', '  ', null, undefined]) {
        expect(await read({ [field]: nothing })).toStrictEqual({ phone: PHONE, variables: expect.anything() })
      }
    },
  )

  it.each([
    ['attempts', '3', 3],
    ['attempts', ' 3 ', 3],
    ['attempts', 1000, 1000],
    ['priority', '-100', -100],
    ['priority', '+7', 7],
    ['priority', '-0', 0],
    ['priority', 0, 0],
    ['externalId', 'cust-1', 'cust-1'],
    ['externalId', ' 007', ' 007'],
    ['externalId', 12345, '12345'],
    ['agent', 'agent_7', 'agent_7'],
    ['callerId', '+12025550199', '+12025550199'],
    ['timezone', 'Europe/London', 'Europe/London'],
    ['timezone', 'europe/london', 'Europe/London'],
    ['timezone', 'UTC', 'UTC'],
    ['timezone', 'Etc/GMT+3', 'Etc/GMT+3'],
    ['timezone', 'America/Argentina/Buenos_Aires', 'America/Argentina/Buenos_Aires'],
    ['timezone', 'Asia/Kolkata', 'Asia/Kolkata'],
  ])('should read %s %j as %j', async (field, cell, value) => {
    expect(await read({ [field]: cell })).toMatchObject({ [field]: value })
  })

  it.each([
    ['attempts', '0', 'attempts_invalid'],
    ['attempts', '1001', 'attempts_invalid'],
    ['attempts', '1.5', 'attempts_invalid'],
    ['attempts', 'many', 'attempts_invalid'],
    ['attempts', '1e1', 'attempts_invalid'],
    ['attempts', '0x3', 'attempts_invalid'],
    ['attempts', true, 'attempts_invalid'],
    ['priority', '101', 'priority_invalid'],
    ['priority', -101, 'priority_invalid'],
    ['priority', Number.NaN, 'priority_invalid'],
    ['externalId', 'x'.repeat(257), 'external_id_invalid'],
    ['externalId', { id: 1 }, 'external_id_invalid'],
    ['agent', 'x'.repeat(257), 'agent_invalid'],
    ['agent', false, 'agent_invalid'],
    ['callerId', '2025550199', 'caller_id_invalid'],
    ['callerId', '+999123', 'caller_id_invalid'],
    ['callerId', {}, 'caller_id_invalid'],
    ['timezone', 'utc+3', 'timezone_unknown'],
    ['timezone', 'UTC+3', 'timezone_unknown'],
    ['timezone', '+03:00', 'timezone_unknown'],
    ['timezone', 'local', 'timezone_unknown'],
    ['timezone', 'system', 'timezone_unknown'],
    ['timezone', 'Mars/Olympus', 'timezone_unknown'],
    ['timezone', 3, 'timezone_unknown'],
    ['phone', {}, 'phone_not_e164'],
    ['phone', true, 'phone_not_e164'],
    ['phone', null, 'phone_missing'],
    ['phone', 12025550100, 'phone_not_e164'],
  ])('should take %s %j for %s', async (field, cell, code) => {
    expect(await read({ [field]: cell })).toEqual([code])
  })

  it('should read a caller id and a number without quotes in the default region too', async () => {
    const row = { phone: 2025550100, callerId: '(202) 555-0199' }
    expect(await read(row, { defaultRegion: 'US' })).toMatchObject({ phone: PHONE, callerId: '+12025550199' })
  })
})

describe('notBefore', () => {
  const LONDON = { timezone: 'Europe/London' }

  it.each([
    ['2026-03-01T10:30Z', '2026-03-01T10:30:00.000Z'],
    ['2026-03-01T10:30:15.25z', '2026-03-01T10:30:15.250Z'],
    ['2026-03-01T10:30:15,123456789Z', '2026-03-01T10:30:15.123Z'],
    ['2026-03-01T10:30+02:00', '2026-03-01T08:30:00.000Z'],
    ['2026-03-01 10:30:00-0530', '2026-03-01T16:00:00.000Z'],
    ['2026-03-01T10:30+02', '2026-03-01T08:30:00.000Z'],
    ['2026-03-01T10:30', '2026-03-01T10:30:00.000Z'],
    ['2026-07-01T10:30', '2026-07-01T09:30:00.000Z'],
    ['2026-07-01', '2026-06-30T23:00:00.000Z'],
    ['2028-02-29', '2028-02-29T00:00:00.000Z'],
    // Clocks go forward at 01:00: a time that does not exist is shifted by the hour that is missing.
    ['2026-03-29T00:59', '2026-03-29T00:59:00.000Z'],
    ['2026-03-29T01:00', '2026-03-29T01:00:00.000Z'],
    ['2026-03-29T01:30', '2026-03-29T01:30:00.000Z'],
    ['2026-03-29T02:00', '2026-03-29T01:00:00.000Z'],
    // Clocks go back at 02:00: of a time that happens twice the first is meant.
    ['2026-10-25T01:30', '2026-10-25T00:30:00.000Z'],
    ['2026-10-25T02:00', '2026-10-25T02:00:00.000Z'],
  ])('should read %s in London as %s', async (text, instant) => {
    expect(await read({ notBefore: text }, LONDON)).toMatchObject({ notBefore: Date.parse(instant) })
  })

  it.each([
    // Half an hour is missing.
    ['2026-10-04T02:15', 'Australia/Lord_Howe', '2026-10-03T15:45:00.000Z'],
    // A whole day is missing.
    ['2011-12-30T10:00', 'Pacific/Apia', '2011-12-30T20:00:00.000Z'],
    ['2026-01-01T00:00', 'Asia/Kathmandu', '2025-12-31T18:15:00.000Z'],
  ])('should read %s in %s as %s', async (text, timezone, instant) => {
    expect(await read({ notBefore: text }, { timezone })).toMatchObject({ notBefore: Date.parse(instant) })
  })

  it('should read a time without offset as UTC by default, also where the contact has a zone of its own', async () => {
    expect(await read({ notBefore: '2026-07-01T10:30', timezone: 'Europe/London' })).toMatchObject({
      notBefore: Date.UTC(2026, 6, 1, 10, 30),
    })
  })

  it('should take dates and milliseconds of rows that never were text', async () => {
    const instant = Date.UTC(2026, 6, 1)
    expect(await read({ notBefore: new Date(instant) })).toMatchObject({ notBefore: instant })
    expect(await read({ notBefore: instant })).toMatchObject({ notBefore: instant })
  })

  it.each([
    'tomorrow',
    '2026-02-29',
    '2026-13-01',
    '2026-00-10',
    '2026-04-31T10:00',
    '2026-01-01T24:00',
    '2026-01-01T10:60',
    '2026-01-01T10:00:60',
    '2026-01-01T10',
    '0000-00-00',
    '0050-01-01',
    '03/04/2026',
    '2026-1-1',
    '2026-01-01T10:00+25:00',
    '2026-01-01T10:00 Europe/London',
    '1782864000000',
    Number.NaN,
    1.5,
    1e300,
    new Date(Number.NaN),
    true,
    [],
  ])('should reject %j', async (cell) => {
    expect(await read({ notBefore: cell })).toEqual(['not_before_invalid'])
  })
})
