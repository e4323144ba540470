import fc from 'fast-check'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { httpCarrier } from '../../src/http/index.js'
import { HttpService } from '../stand-ins/http-service.js'
import { attempt } from './support/attempt.js'

let service: HttpService
beforeAll(async () => {
  service = await HttpService.start()
})
afterAll(() => service.close())

const status = fc.oneof(
  fc.integer({ min: 200, max: 599 }),
  fc.constantFrom(200, 201, 202, 400, 401, 404, 409, 422, 429, 500, 503),
)
const code = fc.oneof(
  fc.string(),
  fc.constantFrom('invalid_number', 'throttled', '__proto__', 'constructor'),
  fc.anything(),
)
const body = fc.oneof(
  fc.json(),
  fc.string(),
  fc
    .record(
      { placed: fc.constantFrom(true, false, 'false', 0, null), code, callId: fc.oneof(fc.string(), fc.integer()) },
      { requiredKeys: [] },
    )
    .map((said) => JSON.stringify(said)),
)

/** What the protocol says of an answer, told a second time and without a table. */
function mayBe(said: number, text: string): string {
  let object: Record<string, unknown> = {}
  try {
    object = Object(JSON.parse(text))
  } catch {}
  if ((said === 200 || said === 201) && typeof object.callId === 'string' && object.callId !== '') return 'accepted'
  const refused = (said >= 400 && said < 500) || said === 503
  return refused && object.placed === false ? 'rejected' : 'unknown'
}

it('should take nothing for a call, and nothing for proof that there is none, but what the protocol says', async () => {
  const carrier = httpCarrier({ baseUrl: service.url, secret: service.secret, timeout: 5_000 })
  await fc.assert(
    fc.asyncProperty(
      status,
      body,
      fc.option(fc.string({ unit: fc.constantFrom('0', '1', '7', ' ', '-', 'x') })),
      async (said, text, wait) => {
        // Neither has a body.
        fc.pre(said !== 204 && said !== 205 && said !== 304)
        const headers: Record<string, string> = wait === null ? {} : { 'retry-after': wait }
        service.next({ answer: [said, text, headers] })
        const answer = await carrier.place(attempt())
        expect(answer.status).toBe(mayBe(said, text))
        if (answer.status === 'rejected' && answer.retryAfter !== undefined)
          expect(answer.retryAfter).toBeGreaterThanOrEqual(0)
      },
    ),
    { numRuns: 500 },
  )
})
