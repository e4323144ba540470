import type { Attempt } from '@outdial/core'

/** A request to place a call, as it goes over the wire. */
export type PlaceRequest = Omit<Attempt, 'startable'> & {
  /** Where the events of the call are posted. */
  callbackUrl: string
}

/** Whether a request has what a call needs. Nothing else about it is judged: the carrier is a test tool. */
export function isPlaceRequest(value: unknown): value is PlaceRequest {
  if (typeof value !== 'object' || value === null) return false
  const request = value as Partial<Record<keyof PlaceRequest, unknown>>
  const texts = [request.ref, request.to, request.from, request.organization, request.jobId, request.callbackUrl]
  const numbers = [request.attempt, request.ringTimeout, request.maxDuration]
  return texts.every((text) => typeof text === 'string' && text !== '') && numbers.every(Number.isFinite)
}
