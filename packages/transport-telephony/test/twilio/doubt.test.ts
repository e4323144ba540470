import { describe, expect, it, onTestFinished } from 'vitest'
import { twilioCarrier, twilioNumbers } from '../../src/twilio/index.js'
import { type Asked, LoopbackService, type Told } from '../stand-ins/loopback-service.js'
import { attemptTo, FROM, handleOf, TO } from '../support/twilio-bench.js'

const accountSid = `AC${'0'.repeat(32)}`
const sid = `CA${'1'.repeat(32)}`
const page = { code: 404, body: '<html>no backend</html>', headers: { 'content-type': 'text/html' } }

/** A server that is not Twilio, or answers as the manual says that Twilio may. */
async function answering(answer: (asked: Asked) => Told) {
  const service = new LoopbackService(answer)
  await service.listen()
  const account = { accountSid, authToken: 't'.repeat(32), baseUrl: service.url }
  const agents = { reminder: '<Response><Say>Hello</Say></Response>' }
  const carrier = twilioCarrier({ ...account, webhookUrl: 'https://calls.example.com/hooks', agents })
  const numbers = twilioNumbers(account)
  onTestFinished(async () => {
    await service.close()
    await carrier.close()
  })
  return { service, carrier, numbers }
}

const listed = (more: object) => ({
  sid,
  to: TO,
  from: FROM,
  status: 'in-progress',
  direction: 'outbound-api',
  date_created: new Date().toUTCString(),
  ...more,
})

describe('what proves nothing', () => {
  it('is a refusal because the call was accepted already', async () => {
    const body = { code: 21204, message: 'Call already initiated', status: 400 }
    const { carrier } = await answering(() => ({ code: 400, body }))
    expect(await carrier.place(attemptTo())).toMatchObject({ status: 'unknown' })
  })

  it.each([429, 401, 404])('is a page of %i that is not in the words of Twilio', async (code) => {
    const { carrier } = await answering(() => ({ ...page, code }))
    expect(await carrier.place(attemptTo())).toMatchObject({ status: 'unknown' })
  })

  it('is a list that goes on at an address which nobody follows', async () => {
    const { carrier } = await answering(({ path }) => {
      const next = `http://127.0.0.1:9${path}?Page=1`
      return { code: 200, body: { calls: [], next_page_uri: next } }
    })
    expect(await carrier.lookup?.(handleOf())).toMatchObject({ status: 'cannotTell' })
  })

  it('is a call whose number is spelled in another way', async () => {
    const { carrier } = await answering(({ path }) => {
      if (!path.endsWith('/Calls.json')) return { code: 200, body: { events: [], next_page_uri: null } }
      return { code: 200, body: { calls: [listed({ to: '+525512345678' })], next_page_uri: null } }
    })
    expect(await carrier.lookup?.(handleOf({ to: '+5215512345678' }))).toMatchObject({ status: 'cannotTell' })
  })

  it('is a 404 of a proxy, to a hang-up and to a deletion', async () => {
    const { carrier, numbers } = await answering(() => page)
    expect(await carrier.hangup?.(handleOf({ callId: sid }))).toBe('refused')
    const selector = { field: 'id', value: `PN${'1'.repeat(32)}` }
    const context = { organization: 'o', ref: 'r', startable: () => true }
    expect((await numbers.delete(selector, context)).status).not.toBe('done')
  })
})
