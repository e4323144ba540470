import { createHash } from 'node:crypto'
import type { CarrierEvent, CarrierHost, WebhookRequest } from '@outdial/core'
import { SECRET, signature } from '../support/exchange.js'
import { changed, type Sabotage } from './sabotage.js'

/** A carrier that makes something else of the events of webhooks. */
const telling = (make: (event: CarrierEvent) => CarrierEvent) =>
  changed((inner) => ({ parseWebhook: async (request) => ((await inner.parseWebhook?.(request)) ?? []).map(make) }))

/** A carrier that takes webhooks that the sound one would not. */
const trusting = (trust: (request: WebhookRequest) => WebhookRequest) =>
  changed((inner) => ({ parseWebhook: async (request) => (await inner.parseWebhook?.(trust(request))) ?? [] }))

const now = (request: WebhookRequest, time: string): WebhookRequest => ({
  ...request,
  headers: { 'x-time': time, 'x-signature': signature(SECRET, time, request.body) },
})

/** Faults of what is told of calls. */
export const TELLING: readonly Sabotage[] = [
  {
    name: 'looks whether there is a signature, and not at it',
    harm: 'anybody ends anybody’s calls',
    fails: ['C-063', 'C-064', 'C-066'],
    change: trusting((request) =>
      request.headers['x-signature'] ? now(request, request.headers['x-time'] ?? '') : request,
    ),
  },
  {
    name: 'takes what has no signature for a test',
    harm: 'anybody ends anybody’s calls',
    fails: ['C-062'],
    change: trusting((request) =>
      request.headers['x-signature'] ? request : now(request, request.headers['x-time'] ?? ''),
    ),
  },
  {
    name: 'takes what was signed at any time',
    harm: 'a recording of yesterday ends calls of today',
    fails: ['C-065'],
    change: changed((inner) => {
      let latest = ''
      return {
        parseWebhook: async (request) => {
          const { 'x-time': time = '', 'x-signature': given = '' } = request.headers
          if (given !== signature(SECRET, time, request.body)) return (await inner.parseWebhook?.(request)) ?? []
          if (Number(time) > Number(latest)) latest = time
          return (await inner.parseWebhook?.(now(request, latest))) ?? []
        },
      }
    }),
  },
  {
    name: 'reads the body before it looks at the signature',
    harm: 'anybody makes the process throw',
    fails: ['C-066'],
    change: changed((inner) => ({
      parseWebhook: async (request) => {
        JSON.parse(request.body)
        return (await inner.parseWebhook?.(request)) ?? []
      },
    })),
  },
  {
    name: 'gives the time talked in seconds',
    harm: 'calls of a minute look like failures, and are repeated',
    fails: ['C-053'],
    change: telling((event) => (event.duration ? { ...event, duration: event.duration / 1000 } : event)),
  },
  {
    name: 'gives the time of an event in seconds',
    harm: 'calls that ended in 1970',
    fails: ['C-054'],
    change: telling((event) => (event.at ? { ...event, at: event.at / 1000 } : event)),
  },
  {
    name: 'takes machines for people',
    harm: 'nobody leaves a message',
    fails: ['C-058'],
    change: telling((event) => (event.outcome === 'voicemail' ? { ...event, outcome: 'answered' } : event)),
  },
  {
    name: 'takes a number that is none for somebody who is not there',
    harm: 'dead numbers are called again and again',
    fails: ['C-052'],
    change: telling((event) => (event.outcome === 'invalid_number' ? { ...event, outcome: 'no_answer' } : event)),
  },
  {
    name: 'says the outcome with the answer',
    harm: 'calls have an outcome before they have ended',
    fails: ['C-056'],
    change: telling((event) => (event.type === 'answered' ? { ...event, outcome: 'answered' } : event)),
  },
  {
    name: 'leaves the words of the service out',
    harm: 'nobody can find out why calls fail',
    fails: ['C-055'],
    change: telling(({ raw: _, ...event }) => event),
  },
  {
    name: 'knows only the calls of its own process',
    harm: 'a webhook that reaches another worker is lost',
    fails: ['C-057', 'C-061'],
    change: changed((inner) => {
      const own = new Set<string>()
      return {
        place: async (attempt) => {
          const answer = await inner.place(attempt)
          if (answer.status === 'accepted') own.add(attempt.ref)
          return answer
        },
        parseWebhook: async (request) =>
          ((await inner.parseWebhook?.(request)) ?? []).filter(({ ref }) => own.has(ref)),
      }
    }),
  },
  {
    name: 'leaves out what it has seen before',
    harm: 'a webhook that was taken and not stored is lost when it comes again',
    fails: ['C-060', 'C-061'],
    change: changed((inner) => {
      const seen = new Set<string>()
      return {
        parseWebhook: async (request) => {
          const events = (await inner.parseWebhook?.(request)) ?? []
          const id = createHash('sha256').update(request.body).digest('hex')
          if (seen.has(id)) return []
          seen.add(id)
          return events
        },
      }
    }),
  },
  {
    name: 'throws at what it does not know',
    harm: 'the service repeats it for hours, and then switches the webhooks off',
    fails: ['C-067'],
    change: changed((inner) => ({
      parseWebhook: async (request) => {
        const events = (await inner.parseWebhook?.(request)) ?? []
        if (events.length === 0) throw new TypeError('what is this?')
        return events
      },
    })),
  },
  {
    name: 'says in events with which secret they were proven',
    harm: 'the secret in every event log',
    fails: ['C-111'],
    change: telling((event) => ({ ...event, raw: { ...event.raw, cause: 'x', proof: SECRET } })),
  },
  {
    name: 'tells of the end twice, once as a guess',
    harm: 'the guess is booked',
    fails: ['C-051'],
    change: changed((inner) => ({
      parseWebhook: async (request) =>
        ((await inner.parseWebhook?.(request)) ?? []).flatMap((event) =>
          event.type === 'answered' ? [event, { ...event, type: 'ended' as const }] : [event],
        ),
    })),
  },
]

/** Faults of carriers that push. */
export const PUSHING: readonly Sabotage[] = [
  {
    name: 'has the first host for ever',
    harm: 'an engine that was stopped hears of calls, and the one after it of none',
    fails: ['C-071'],
    change: changed((inner) => {
      let first: CarrierHost | undefined
      return {
        connect: (host) => {
          if (first) return () => {}
          first = host
          inner.connect?.(host)
          return () => {}
        },
      }
    }),
  },
  {
    name: 'can be disconnected once',
    harm: 'an engine that throws while it stops',
    fails: ['C-070'],
    change: changed((inner) => ({
      connect: (host) => {
        let end = inner.connect?.(host)
        return () => {
          if (!end) throw new Error('is not connected')
          end()
          end = undefined
        }
      },
    })),
  },
]
