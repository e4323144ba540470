import { inspect } from 'node:util'
import { isOutdialError } from 'outdial'
import { describe, expect, it } from 'vitest'
import { twilioCarrier, twilioNumbers } from '../../src/twilio/index.js'
import { sidOf } from '../stand-ins/twilio-answers.js'

const ACCOUNT = { accountSid: sidOf('AC', 1), authToken: 'a token that nobody may see' }
const GOOD = { ...ACCOUNT, webhookUrl: 'https://calls.example.com/twilio' }

function fieldOf(make: () => unknown): unknown {
  try {
    make()
  } catch (error) {
    if (!isOutdialError(error, 'invalid_options')) throw error
    expect(error.message).toContain(String(error.details.field))
    expect(error.message).not.toContain(ACCOUNT.authToken)
    return error.details.field
  }
  return undefined
}

describe('options that cannot be right', () => {
  it.each<[field: string, part: object]>([
    ['accountSid', { accountSid: 'AC123' }],
    ['accountSid', { accountSid: undefined }],
    ['authToken', { authToken: undefined }],
    ['authToken', { authToken: ' ' }],
    ['apiKey', { apiKey: 'SK1', apiKeySecret: 'x' }],
    ['apiKey', { apiKeySecret: 'x' }],
    ['apiKeySecret', { apiKey: sidOf('SK', 1) }],
    ['baseUrl', { baseUrl: 'api.twilio.com' }],
    ['baseUrl', { baseUrl: 'https://api.twilio.com/v1' }],
    ['timeout', { timeout: 0 }],
    ['connections', { connections: 1.5 }],
    ['webhookUrl', { webhookUrl: undefined }],
    ['webhookUrl', { webhookUrl: '/twilio' }],
    ['webhookUrl', { webhookUrl: 'ftp://calls.example.com' }],
    ['webhookUrl', { webhookUrl: 'https://me:secret@calls.example.com' }],
    ['cps', { cps: 0 }],
    ['maxDuration', { maxDuration: 10 }],
    ['visibilityLag', { visibilityLag: -1 }],
    ['byoc', { byoc: 'trunk' }],
    ['amd.timeout', { amd: { timeout: 100_000 } }],
    ['amd.silenceTimeout', { amd: { silenceTimeout: 1 } }],
    ['agents.a', { agents: { a: 'b' } }],
    ['agents.a', { agents: { a: '<Say>{{</Say>' } }],
    ['agents.a', { agents: { a: 'https://{{host}}/x' } }],
    ['agents.a', { agents: { a: 1 } }],
    ['agent', { agent: 'nobody' }],
  ])('%s', (field, part) => {
    expect(fieldOf(() => twilioCarrier({ ...GOOD, ...part } as never))).toBe(field)
  })

  it.each<[field: string, part: object]>([
    ['accountSid', { accountSid: '' }],
    ['accounts.acme', { accounts: { acme: 'AC1' } }],
    ['concurrency', { concurrency: 0 }],
    ['createVisibility', { createVisibility: 0.5 }],
  ])('of numbers: %s', (field, part) => {
    expect(fieldOf(() => twilioNumbers({ ...ACCOUNT, ...part } as never))).toBe(field)
  })
})

describe('what a carrier says of itself', () => {
  it('has the paces and limits of a new account', () => {
    expect(twilioCarrier(GOOD).capabilities).toEqual({
      idempotency: 'none',
      lookup: { visibilityLag: 120_000, horizon: 2_700_000 },
      hangup: true,
      amd: false,
      maxDuration: 14_400_000,
      cps: 1,
      costUnit: 100,
    })
    expect(twilioCarrier({ ...GOOD, amd: true, cps: 10, maxDuration: 60_000 }).capabilities).toMatchObject({
      amd: true,
      cps: 10,
      maxDuration: 60_000,
    })
  })

  it('shows no key', () => {
    for (const made of [twilioCarrier(GOOD), twilioNumbers(ACCOUNT)]) {
      const shown = [String(made), JSON.stringify(made), inspect(made, { depth: 9, showHidden: true })].join('\n')
      expect(shown).not.toContain(ACCOUNT.authToken)
      expect(shown).not.toContain(Buffer.from(`${ACCOUNT.accountSid}:${ACCOUNT.authToken}`).toString('base64'))
    }
  })
})

describe('what an agent needs of a contact', () => {
  const agents = { reminder: '<Say>{{name}} {{ day }} {{name}}</Say>', talk: 'https://a.example.com/{{id}}?x={{x}}' }
  const carrier = twilioCarrier({ ...GOOD, agents, agent: 'talk' })

  it.each([
    ['reminder', ['name', 'day']],
    ['talk', ['id', 'x']],
    [undefined, ['id', 'x']],
    ['<Response><Say>Hi</Say></Response>', []],
    [` <Response><Say>{{a}}</Say></Response>`, ['a']],
    [`${sidOf('AP', 1)}?name={{name}}`, ['name']],
    [sidOf('AP', 1), []],
  ])('%s: %j', (agent, needs) => {
    expect(carrier.needs?.(agent)).toEqual(needs)
    expect(carrier.needs?.(agent)).toEqual(needs)
  })

  it.each(['nobody', '', 'ftp://a.example.com', 'AP1'])('is no agent: %j', (agent) => {
    expect(fieldOf(() => carrier.needs?.(agent))).toBe('agent')
  })

  it('has to be named where there is no default', () => {
    expect(fieldOf(() => twilioCarrier(GOOD).needs?.(undefined))).toBe('agent')
  })

  it('is read again when there have been many', () => {
    for (let i = 0; i < 1500; i++) expect(carrier.needs?.(`<Say>{{n${i}}}</Say>`)).toEqual([`n${i}`])
    expect(carrier.needs?.('<Say>{{n0}}</Say>')).toEqual(['n0'])
  })
})
