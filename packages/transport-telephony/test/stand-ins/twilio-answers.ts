import type { Asked, Told } from './loopback-service.js'

/** Answers as Twilio words them. */
export function refusal(
  status: number,
  code: number,
  message: string,
  headers: Readonly<Record<string, string>> = {},
): Told {
  const more_info = `https://www.twilio.com/docs/errors/${code}`
  return { code: status, body: { code, message, more_info, status }, headers }
}

export const unauthorized = (): Told => refusal(401, 20003, 'Authenticate')
export const missing = (path: string): Told => refusal(404, 20404, `The requested resource ${path} was not found`)
export const throttled = (): Told => refusal(429, 20429, 'Too Many Requests', { 'retry-after': '7' })
export const broken = (): Told => refusal(500, 20500, 'An internal server error has occurred')

/** Dates as Twilio writes them. */
export const rfc2822 = (ms: number): string => new Date(ms).toUTCString().replace('GMT', '+0000')

/** Any identifier: the same for the same kind and number. */
export const sidOf = (prefix: string, n: number): string => `${prefix}${n.toString(16).padStart(32, '0')}`

/** What a list answers: a page of what there is, and where the next is. */
export function pageOf(asked: Asked, name: string, all: readonly unknown[], longest = 1000): Told {
  const size = Math.min(Number(asked.query.get('PageSize') ?? 50), longest)
  const page = Number(asked.query.get('Page') ?? 0)
  const start = page * size
  const uri = (number: number) => {
    const query = new URLSearchParams(asked.query)
    query.set('Page', String(number))
    query.set('PageToken', `PA${number}`)
    return `${asked.path}?${query}`
  }
  return {
    code: 200,
    body: {
      [name]: all.slice(start, start + size),
      page,
      page_size: size,
      start,
      end: Math.max(start, Math.min(start + size, all.length) - 1),
      uri: uri(page),
      first_page_uri: uri(0),
      previous_page_uri: page > 0 ? uri(page - 1) : null,
      next_page_uri: start + size < all.length ? uri(page + 1) : null,
    },
  }
}
