import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { sameText } from '../../src/webhooks/forged.js'
import { isLoopback, unreachable, webAddress } from '../../src/webhooks/public-address.js'
import { refInUrl, withQuery, withRef } from '../../src/webhooks/ref-in-url.js'
import { retryAfter, serviceTime } from '../../src/wire/retry-after.js'

const REMOTE = new URL('https://api.example.com')
const LOCAL = new URL('http://127.0.0.1:8080')

describe('an address that a service can reach', () => {
  it.each([
    'https://calls.example.com/hook',
    'https://93.184.216.34/',
    'https://[2606:2800:220:1::1]/',
    'https://localhost.example.com/',
  ])('%s', (url) => {
    expect(unreachable(new URL(url), REMOTE)).toBeUndefined()
  })

  it.each([
    'http://calls.example.com/',
    'https://localhost/',
    'https://127.3.2.1/',
    'https://[::1]/',
    'https://192.168.1.1/',
    'https://172.20.0.1/',
    'https://100.64.3.4/',
    'https://169.254.169.254/',
    'https://[fe80::1]/',
    'https://db/',
    'https://calls.local/',
    'https://calls.example/',
  ])('is not %s', (url) => {
    expect(unreachable(new URL(url), REMOTE)).toMatch(/\.$/)
  })

  it('is on this machine only for a service that is', () => {
    const hook = new URL('http://127.0.0.1:9/hook')
    expect(isLoopback(hook)).toBe(true)
    expect(unreachable(hook, LOCAL)).toBeUndefined()
    expect(unreachable(new URL('http://10.0.0.1/'), LOCAL)).toContain('not encrypted')
  })

  it.each(['', 7, undefined, 'x', '//a', 'mailto:a@example.com', 'https://a:b@example.com'])('is none: %j', (given) => {
    expect(() => webAddress(given, 'webhookUrl')).toThrow(
      expect.objectContaining({ code: 'invalid_options', details: { field: 'webhookUrl' } }),
    )
  })
})

describe('a ref in an address', () => {
  const ref = fc.string({ minLength: 1, unit: 'grapheme' })

  it('is read as it was written, wherever it stands', () => {
    fc.assert(
      fc.property(ref, fc.constantFrom('', '?', '?a=1&b', '#rc=1', '?a=1#x?y'), (value, rest) => {
        const url = withRef(`https://calls.example.com/hook${rest}`, value)
        expect(refInUrl(url)).toBe(value)
        expect(refInUrl(withQuery(url, 'later=1'))).toBe(value)
        expect(url.split('#')[1]).toBe(rest.split('#')[1])
      }),
    )
  })

  it('is none when there is none, or more than one', () => {
    for (const url of ['', 'https://a.example.com', '#?outdial_ref=a', '/?outdial_ref=a&outdial_ref=b'])
      expect(refInUrl(url)).toBeUndefined()
  })
})

describe('Retry-After', () => {
  const date = 'Mon, 02 Mar 2026 10:00:00 GMT'

  it.each<[Record<string, string>, number | undefined]>([
    [{ 'retry-after': '7' }, 7_000],
    [{ 'retry-after': '0.5' }, 500],
    [{ 'retry-after': '0' }, 0],
    [{ 'retry-after': 'Mon, 02 Mar 2026 10:00:30 GMT', date }, 30_000],
    [{ 'retry-after': 'Mon, 02 Mar 2026 09:00:00 GMT', date }, 0],
    [{ 'retry-after': 'Mon, 02 Mar 2026 10:00:30 GMT' }, 31_000],
    [{ 'retry-after': '99999999999' }, 86_400_000],
    [{ 'retry-after': '-1' }, undefined],
    [{ 'retry-after': 'soon' }, undefined],
    [{ 'retry-after': '' }, undefined],
    [{}, undefined],
  ])('%j is %s', (headers, wait) => {
    expect(retryAfter(headers, () => Date.parse(date) - 1_000)).toBe(wait)
  })

  it('is told by the clock of the service', () => {
    expect(serviceTime({ date })).toBe(Date.parse(date))
    expect(serviceTime({ date: 'now' })).toBeUndefined()
    expect(serviceTime({})).toBeUndefined()
  })
})

it('texts are the same, or not', () => {
  expect([sameText('a', 'a'), sameText('a', 'b'), sameText('a', 'aa'), sameText('', '')]).toEqual([
    true,
    false,
    false,
    true,
  ])
})
