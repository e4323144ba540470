import type { Attempt, CarrierEvent, WebhookRequest } from '@outdial/core'
import { onTestFinished } from 'vitest'
import { type TelnyxCarrier, type TelnyxCarrierOptions, telnyxCarrier } from '../../src/telnyx/index.js'
import { TelnyxService, type TelnyxServiceOptions } from '../stand-ins/telnyx-service.js'

export const FROM = '+12025550199'
export const TO = '+12025550101'
export const REF = 'job_a1:7:1:n0nce'

/** An attempt as the engine makes them. */
export function attempt(more: Partial<Attempt> = {}): Attempt {
  return {
    ref: REF,
    attempt: 1,
    organization: 'acme',
    jobId: 'job_a1',
    to: TO,
    from: FROM,
    variables: {},
    ringTimeout: 30_000,
    maxDuration: 600_000,
    startable: () => true,
    ...more,
  }
}

/** Options of a carrier that calls through a stand-in. */
export function optionsFor(service: TelnyxService, more: Partial<TelnyxCarrierOptions> = {}): TelnyxCarrierOptions {
  return {
    apiKey: service.apiKey,
    publicKey: service.keys.publicKey,
    connectionId: service.book.connectionId,
    webhookUrl: 'http://127.0.0.1:9/webhooks/telnyx',
    baseUrl: service.baseUrl,
    // Long, so that a busy machine is no trouble of the service's; the stand-in's silence ends after half a second.
    timeout: 10_000,
    visibilityLag: 5_000,
    ...more,
  }
}

/** A carrier and the stand-in that it calls through; both are gone after the test. */
export async function setUp(
  more: Partial<TelnyxCarrierOptions> = {},
  stand: TelnyxServiceOptions = {},
): Promise<{ service: TelnyxService; carrier: TelnyxCarrier }> {
  const service = await TelnyxService.start(stand)
  const carrier = telnyxCarrier(optionsFor(service, more))
  onTestFinished(async () => {
    await service.close()
    await carrier.close()
  })
  return { service, carrier }
}

/** Places a call, and answers its id. */
export async function placed(carrier: TelnyxCarrier, more: Partial<Attempt> = {}): Promise<string> {
  const answer = await carrier.place(attempt(more))
  if (answer.status !== 'accepted') throw new Error(`not placed: ${JSON.stringify(answer)}`)
  return answer.callId
}

/** Hands webhooks over, and answers their events. */
export async function deliver(carrier: TelnyxCarrier, webhooks: readonly WebhookRequest[]): Promise<CarrierEvent[]> {
  const events: CarrierEvent[] = []
  for (const webhook of webhooks) events.push(...((await carrier.parseWebhook?.(webhook)) ?? []))
  return events
}
