import { describe, expect, it } from 'vitest'
import { rejectionOf, resourceError, twilioError } from '../../src/twilio/errors.js'
import { eventType, outcomeOf } from '../../src/twilio/outcomes.js'

describe('what came of a call', () => {
  it.each([
    [{ CallStatus: 'completed' }, 'answered'],
    [{ CallStatus: 'completed', AnsweredBy: 'human' }, 'answered'],
    [{ CallStatus: 'completed', AnsweredBy: 'unknown' }, 'answered'],
    [{ CallStatus: 'completed', AnsweredBy: 'machine_start' }, 'voicemail'],
    [{ CallStatus: 'completed', AnsweredBy: 'machine_end_beep' }, 'voicemail'],
    [{ CallStatus: 'completed', AnsweredBy: 'machine_end_silence' }, 'voicemail'],
    [{ CallStatus: 'completed', AnsweredBy: 'machine_end_other' }, 'voicemail'],
    [{ CallStatus: 'completed', AnsweredBy: 'fax' }, 'fax'],
    [{ CallStatus: 'busy', SipResponseCode: '486' }, 'busy'],
    [{ CallStatus: 'busy', SipResponseCode: '603' }, 'rejected'],
    [{ CallStatus: 'busy', SipResponseCode: '607' }, 'unwanted'],
    [{ CallStatus: 'busy', SipResponseCode: '503' }, 'busy'],
    [{ CallStatus: 'no-answer' }, 'no_answer'],
    [{ CallStatus: 'no-answer', SipResponseCode: '608' }, 'blocked'],
    [{ CallStatus: 'no-answer', SipResponseCode: '486' }, 'no_answer'],
    [{ CallStatus: 'canceled', SipResponseCode: '487' }, 'canceled'],
    [{ CallStatus: 'failed' }, 'failed'],
    [{ CallStatus: 'failed', SipResponseCode: '404' }, 'invalid_number'],
    [{ CallStatus: 'failed', SipResponseCode: '403' }, 'carrier_error'],
    [{ CallStatus: 'failed', SipResponseCode: '503' }, 'network_error'],
    [{ CallStatus: 'failed', SipResponseCode: 'x' }, 'failed'],
  ])('%j is %s', (said, outcome) => {
    expect(outcomeOf(said)).toBe(outcome)
  })

  it('knows no other states than those that are documented', () => {
    expect(['queued', 'initiated', 'ringing', 'in-progress', 'completed', 'pending'].map(eventType)).toEqual([
      'queued',
      'queued',
      'ringing',
      'answered',
      'ended',
      undefined,
    ])
    expect(eventType('constructor')).toBeUndefined()
  })
})

describe('why a call was refused', () => {
  it.each([
    [400, 21211, 'contact'],
    [400, 21214, 'contact'],
    [400, 21217, 'contact'],
    [400, 21210, 'configuration'],
    [400, 21215, 'configuration'],
    [400, 21205, 'configuration'],
    [400, 99999, 'configuration'],
    [401, 20003, 'account'],
    [403, 20005, 'account'],
    [403, 99999, 'account'],
    [404, 20404, 'account'],
    [400, 21219, 'account'],
    [429, 20429, 'throttled'],
    [400, 22005, 'throttled'],
    [429, 0, undefined],
    [401, 0, undefined],
    // Nobody knows who said this, and after what.
    [400, 0, undefined],
    [403, 0, undefined],
    [408, 20429, undefined],
    [307, 21211, undefined],
    [500, 20003, undefined],
    [503, 20429, undefined],
  ] as const)('%d with %d is %s', (status, code, reason) => {
    expect(rejectionOf({ status, code, message: '' })).toBe(reason)
  })

  it('is read of what Twilio answers, and of what it does not', () => {
    const body = { code: 21211, message: 'No.', more_info: 'https://example.com', status: 400 }
    expect(twilioError(400, body)).toEqual({
      status: 400,
      code: 21211,
      message: 'No.',
      moreInfo: 'https://example.com',
    })
    for (const strange of [undefined, {}, { code: '21211', message: 7 }]) {
      expect(twilioError(400, strange)).toEqual({ status: 400, code: 0, message: 'Twilio answered 400' })
    }
  })

  it('names the field of a number', () => {
    expect(resourceError({ status: 400, code: 21422, message: 'Not available', moreInfo: 'see' })).toEqual({
      code: '21422',
      title: 'Not available',
      detail: 'see',
      pointer: '/phone_number',
    })
    expect(resourceError({ status: 400, code: 0, message: 'No' })).toEqual({ code: '400', title: 'No' })
  })
})
