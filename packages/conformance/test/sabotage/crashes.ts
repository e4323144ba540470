import type { Exchange, ListEdit } from '@outdial/core'
import { memoryStorage } from '@outdial/storage-memory'
import { type Entry, recordedStore } from '../support/recorded-store.js'
import { patched, type Sabotage } from './sabotage.js'

/** Faults that show only when the store itself crashes, or comes back older than it was. */
export const CRASHES: readonly Sabotage[] = [
  {
    name: 'forgets the last thing it was asked when it crashes',
    harm: 'a call that was fenced is dialed and fenced again',
    fails: ['S-200', 'S-201', 'S-203', 'S-208'],
    underFaults: true,
    search: 'S-213',
    make: () => recordedStore({ keep: (log) => log.slice(0, -1) }),
  },
  {
    name: 'forgets limits when it crashes',
    harm: 'a thousand calls at once after a restart',
    fails: ['S-200', 'S-201', 'S-204'],
    underFaults: true,
    search: 'S-213',
    make: () => recordedStore({ keep: (log) => log.filter(({ method }) => method !== 'setLimits') }),
  },
  {
    name: 'forgets suppression lists when it crashes',
    harm: 'people are called who have asked not to be',
    fails: ['S-200', 'S-208'],
    underFaults: true,
    make: () => recordedStore({ keep: (log) => log.filter(({ method }) => method !== 'setList') }),
  },
  {
    name: 'forgets the replies it kept when it crashes',
    harm: 'an exchange whose reply was lost in the crash is done twice',
    fails: ['S-202'],
    underFaults: true,
    search: 'S-213',
    make: () => {
      let lives = 0
      const make = () => {
        const life = lives++
        return patched(
          (inner) => ({
            exchange: (request) => {
              const again = life > 0 && !replaying
              return inner.exchange(again ? { ...request, channel: `${request.channel} ${life}` } : request)
            },
          }),
          memoryStorage({ events: 100_000 }),
        )
      }
      let replaying = false
      const store = recordedStore({ make })
      const during = async <T>(done: () => Promise<T>): Promise<T> => {
        replaying = true
        return done().finally(() => {
          replaying = false
        })
      }
      return { ...store, restart: () => during(async () => store.restart?.() as never) }
    },
  },
  {
    name: 'gives refs again that it gave before it came back older',
    harm: 'the events of a call that nobody knows end another one',
    fails: ['S-206'],
    underFaults: true,
    search: 'S-214',
    make: () => recordedStore({ freshRefs: false }),
  },
  {
    name: 'forgets when people may be called again when it crashes',
    harm: 'who was to be left alone for a day is never called again',
    fails: ['S-208'],
    underFaults: true,
    search: 'S-213',
    make: () => recordedStore({ keep: (log) => log.map(withoutEnds) }),
  },
  {
    name: 'forgets the ledger when it crashes',
    harm: 'calls that nobody has any record of',
    fails: ['S-208'],
    underFaults: true,
    make: () => recordedStore({ keep: (log) => log.map(withoutLedger) }),
  },
  {
    name: 'gives names of ledger pages again that it gave before it came back older',
    harm: 'entries are forgotten that nobody ever saw',
    fails: ['S-209'],
    underFaults: true,
    make: () =>
      recordedStore({
        make: () => {
          const pages: string[] = []
          return patched((inner) => ({
            takeLedger: async (query) => {
              const taken = await inner.takeLedger(query)
              return taken.page === undefined ? taken : { ...taken, page: String(pages.push(taken.page)) }
            },
            acknowledgeLedger: (page) => inner.acknowledgeLedger(pages[Number(page) - 1] ?? ''),
          }))
        },
      }),
  },
]

function withoutEnds(entry: Entry): Entry {
  if (entry.method !== 'setList') return entry
  const [list, edit] = entry.args as [string, ListEdit]
  const add = edit.add?.map((one) => (typeof one === 'string' ? one : { ...one, until: undefined }))
  return { ...entry, args: [list, { ...edit, ...(add && { add }) }] }
}

function withoutLedger(entry: Entry): Entry {
  if (entry.method !== 'exchange') return entry
  const [request] = entry.args as [Exchange]
  return { ...entry, args: [{ ...request, reports: request.reports.map((told) => ({ ...told, ledger: undefined })) }] }
}
