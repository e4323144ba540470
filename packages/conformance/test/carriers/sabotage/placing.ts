import type { Attempt, Placed } from '@outdial/core'
import { KEY } from '../support/exchange.js'
import { answering, changed, type Sabotage } from './sabotage.js'

const refusedFor = (from: string, to: Placed) =>
  answering((answer) => (answer.status === 'rejected' && answer.reason === from ? to : answer))

/** Faults of `place`. */
export const PLACING: readonly Sabotage[] = [
  {
    name: 'takes an error of the service for a refusal',
    harm: 'a person who was called is called again',
    fails: ['C-030'],
    change: answering((answer) =>
      answer.status === 'unknown' && answer.message?.endsWith('500')
        ? { status: 'rejected', reason: 'unavailable' }
        : answer,
    ),
  },
  {
    name: 'takes silence for proof that nothing was sent',
    harm: 'a person who was called is called again',
    fails: ['C-031'],
    change: changed((inner, exchange) => ({
      place: async (attempt) => {
        const asked = exchange.asked()
        const answer = await inner.place(attempt)
        const isSilence = answer.status === 'unknown' && answer.message === undefined && exchange.asked() > asked
        return isSilence && exchange.last === 'silence' ? { status: 'notSent' } : answer
      },
    })),
  },
  {
    name: 'waits for an answer for ever',
    harm: 'a slot that is never free again',
    fails: ['C-027', 'C-031', 'C-035'],
    change: changed((inner, exchange) => ({
      place: async (attempt) => {
        const answer = await inner.place(attempt)
        return answer.status === 'unknown' && exchange.last === 'silence' ? new Promise(() => {}) : answer
      },
    })),
  },
  {
    name: 'takes a connection that was reset for one that was refused',
    harm: 'a person who was called is called again',
    fails: ['C-032'],
    change: changed((inner, exchange) => ({
      place: async (attempt) => {
        const answer = await inner.place(attempt)
        return answer.status === 'unknown' && exchange.last === 'reset' ? { status: 'notSent' } : answer
      },
    })),
  },
  {
    name: 'takes every success for a call that was placed',
    harm: 'a call without an id, which nobody can end or find',
    fails: ['C-033'],
    change: answering((answer) =>
      answer.status === 'unknown' && answer.message?.endsWith('200') ? { status: 'accepted', callId: '' } : answer,
    ),
  },
  {
    name: 'does not know that nothing was sent when nobody took the connection',
    harm: 'contacts wait for hours for calls that never were',
    fails: ['C-034'],
    change: changed((inner, exchange) => ({
      place: async (attempt) => {
        const asked = exchange.asked()
        const answer = await inner.place({ ...attempt })
        const isRefused = answer.status === 'notSent' && exchange.asked() === asked && attempt.startable()
        return isRefused ? { status: 'unknown' } : answer
      },
    })),
  },
  {
    name: 'asks once more when the service fails',
    harm: 'a person is called twice',
    fails: ['C-030', 'C-035'],
    change: changed((inner) => ({
      place: async (attempt) => {
        const answer = await inner.place(attempt)
        return answer.status === 'unknown' && answer.message?.endsWith('500') ? inner.place(attempt) : answer
      },
    })),
  },
  {
    name: 'asks whether it may start before it waits for a connection',
    harm: 'people are called after their hours',
    fails: ['C-017'],
    change: changed((inner) => ({
      place: async (attempt) => {
        if (!attempt.startable()) return { status: 'notSent' }
        return inner.place({ ...attempt, startable: () => true })
      },
    })),
  },
  {
    name: 'never asks whether it may start',
    harm: 'a machine that slept calls people at night',
    fails: ['C-016', 'C-017'],
    change: changed((inner) => ({ place: (attempt) => inner.place({ ...attempt, startable: () => true }) })),
  },
  {
    name: 'gives the time to wait in seconds',
    harm: 'the service is asked again after seven milliseconds',
    fails: ['C-024'],
    change: answering((answer) =>
      answer.status === 'rejected' && answer.retryAfter !== undefined
        ? { ...answer, retryAfter: answer.retryAfter / 1000 }
        : answer,
    ),
  },
  {
    name: 'takes too many requests for a number that is none',
    harm: 'contacts are given up because of a busy hour',
    fails: ['C-023', 'C-024'],
    change: refusedFor('throttled', { status: 'rejected', reason: 'contact', code: '429' }),
  },
  {
    name: 'takes an account without funds for the trouble of a moment',
    harm: 'a campaign that calls nobody, and nobody is told',
    fails: ['C-022', 'C-026'],
    change: refusedFor('account', { status: 'rejected', reason: 'unavailable', code: '402' }),
  },
  {
    name: 'takes a number that is none for the trouble of a moment',
    harm: 'a dead number is called for ever',
    fails: ['C-020'],
    change: refusedFor('contact', { status: 'rejected', reason: 'unavailable', code: '422' }),
  },
  {
    name: 'takes a request that is wrong for a number that is none',
    harm: 'one wrong setting, and every contact is given up',
    fails: ['C-021'],
    change: refusedFor('configuration', { status: 'rejected', reason: 'contact', code: '400' }),
  },
  {
    name: 'gives up for good once it was throttled',
    harm: 'a campaign that stands still until somebody starts the process anew',
    fails: ['C-027', 'C-035'],
    change: changed((inner) => {
      let over = false
      return {
        place: async (attempt) => {
          if (over) return { status: 'notSent' }
          const answer = await inner.place(attempt)
          over = answer.status === 'rejected' && answer.reason === 'throttled'
          return answer
        },
      }
    }),
  },
  {
    name: 'calls from a number of its own',
    harm: 'people see a number that they do not know, and limits count for another',
    fails: ['C-010'],
    change: changed((inner) => ({ place: (attempt) => inner.place({ ...attempt, from: '+12025550197' }) })),
  },
  {
    name: 'answers ids of its own',
    harm: 'calls that nobody can end',
    fails: ['C-011', 'C-014', 'C-040', 'C-041', 'C-042'],
    change: changed((inner) => {
      let n = 0
      return {
        place: async (attempt) => {
          const answer = await inner.place(attempt)
          return answer.status === 'accepted' ? { ...answer, callId: `own-${n++}` } : answer
        },
      }
    }),
  },
  {
    name: 'calls nobody whom it has called before',
    harm: 'retries that never happen',
    fails: ['C-013', 'C-083', 'C-096'],
    change: changed((inner) => {
      const known = new Map<string, Placed>()
      return {
        place: async (attempt) => {
          const answer = known.get(attempt.to) ?? (await inner.place(attempt))
          if (answer.status === 'accepted') known.set(attempt.to, answer)
          return answer
        },
      }
    }),
  },
  {
    name: 'claims what its service does not do',
    harm: 'a repeated request calls again',
    fails: ['C-040', 'C-041', 'C-042'],
    change: (inner, exchange) => {
      exchange.forgets = true
      return inner
    },
  },
  {
    name: 'does not say the code of a refusal',
    harm: 'nobody can find out why a number was refused',
    fails: ['C-025'],
    change: answering((answer) => {
      if (answer.status !== 'rejected') return answer
      const { code: _, ...rest } = answer
      return rest
    }),
  },
  {
    name: 'cuts refs to what fits into the field',
    harm: 'events of calls that nobody can assign',
    fails: ['C-012', 'C-050', 'C-057', 'C-060', 'C-080', 'C-083', 'C-088', 'C-120'],
    change: changed((inner) => ({ place: (attempt) => inner.place({ ...attempt, ref: attempt.ref.slice(0, 16) }) })),
  },
  {
    name: 'keeps one attempt for all that are under way',
    harm: 'the same person is called by every slot',
    fails: ['C-014', 'C-120'],
    change: changed((inner) => {
      let latest: Attempt | undefined
      return {
        place: async (attempt) => {
          latest = attempt as Attempt
          await null
          return inner.place({ ...latest, startable: () => attempt.startable() })
        },
      }
    }),
  },
  {
    name: 'rings for as many milliseconds as it was told seconds',
    harm: 'phones that ring once',
    fails: ['C-015'],
    change: changed((inner) => ({
      place: (attempt) => inner.place({ ...attempt, ringTimeout: attempt.ringTimeout / 1000 }),
    })),
  },
  {
    name: 'claims a longer window than the service has',
    harm: 'a repeated request calls again',
    fails: ['C-042'],
    change: changed(({ capabilities }) => ({ capabilities: { ...capabilities, idempotency: { window: 3_600_000 } } })),
  },
  {
    name: 'says in a refusal which key was refused',
    harm: 'the key of the account in every log',
    fails: ['C-110'],
    change: answering((answer) =>
      answer.status === 'rejected' && answer.reason === 'account'
        ? { ...answer, message: `refused: Basic ${Buffer.from(`user:${KEY}`).toString('base64')}` }
        : answer,
    ),
  },
  {
    name: 'has its key where everybody can print it',
    harm: 'the key of the account in every log',
    fails: ['C-112'],
    change: changed(() => ({ options: { key: KEY } }) as object),
  },
]
