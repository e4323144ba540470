import type { Attempt, CallHandle } from 'outdial'
import { afterEach } from 'vitest'
import { type TwilioCarrier, type TwilioCarrierOptions, twilioCarrier } from '../../src/twilio/index.js'
import { TwilioService, type TwilioServiceOptions } from '../stand-ins/twilio-service.js'

export const FROM = '+12025550199'
export const TO = '+13035550100'
const SAY = '<Response><Say>Hello {{name}}</Say></Response>'
export const REF = 'job_4x2b:17:2:n0nc3abcde'

const cleanups: (() => unknown)[] = []
afterEach(async () => {
  for (const clean of cleanups.splice(0).reverse()) await clean()
})

/** A service with one number, closed after the test. */
export async function serviceWith(options: TwilioServiceOptions = {}): Promise<TwilioService> {
  const service = await TwilioService.start({ numbers: [FROM], ...options })
  cleanups.push(() => service.close())
  return service
}

/** Options that are in order. */
function optionsFor(service: TwilioService, part: Partial<TwilioCarrierOptions> = {}): TwilioCarrierOptions {
  const { accountSid, authToken, webhookUrl, url } = service
  return { accountSid, authToken, webhookUrl, baseUrl: url, timeout: 2_000, agents: { reminder: SAY }, ...part }
}

/** A carrier of a service, closed after the test. */
export function carrierOf(service: TwilioService, part: Partial<TwilioCarrierOptions> = {}): TwilioCarrier {
  const carrier = twilioCarrier(optionsFor(service, part))
  cleanups.push(() => carrier.close())
  return carrier
}

/** An attempt at a fictional person. */
export function attemptTo(part: Partial<Attempt> = {}): Attempt {
  return {
    ref: REF,
    attempt: 2,
    organization: 'acme',
    jobId: 'job_4x2b',
    to: TO,
    from: FROM,
    agent: 'reminder',
    variables: { name: 'Ada Example' },
    ringTimeout: 30_500,
    maxDuration: 60_000,
    startable: () => true,
    ...part,
  }
}

/** How it is named afterwards. */
export function handleOf(part: Partial<CallHandle> = {}): CallHandle {
  return { ref: REF, to: TO, from: FROM, fencedAt: Date.now(), ...part }
}

/** Places a call that is accepted, and answers its SID. */
export async function placed(carrier: TwilioCarrier, part: Partial<Attempt> = {}): Promise<string> {
  const answer = await carrier.place(attemptTo(part))
  if (answer.status !== 'accepted') throw new Error(`not accepted: ${JSON.stringify(answer)}`)
  return answer.callId
}
