import { count, ordered, part } from './codec.js'

/*
 * Where everything is. Parts of a key are separated by `/`, which no part contains.
 *
 *   m                               the store's time, and how many tags and jobs it has given out
 *   j/JOB                           a job's record, without what is large and rarely needed
 *   jo/ORDINAL                      id of the job made as the nth: the order of `listJobs`
 *   jg/ORGANIZATION/ORDINAL         the same, by organization
 *   ik/ORGANIZATION/KEY             id of the job with this idempotency key
 *   b/ORDINAL/…                     everything else of a job; so that removing a job is removing one range
 *      …/j/NAME                     large parts of its record, one by one
 *      …/l/COUNT                    deferred tasks of the batch being loaded, one entry per chunk
 *      …/p/INDEX                    a task's lane, payload and dedup key, written once
 *      …/t/INDEX                    a task's state, from its first claim on
 *      …/d/KEY                      index of the task with this dedup key; holds if that task says so too
 *      …/w/LANE/TIME/INDEX          tasks that wait for a time
 *      …/e/SEQ                      events
 *      …/n/INDEX/ID                 notes that have been applied
 *      …/a/INDEX/SEQ                a task's entries in the ledger
 *   l/REF                           a live attempt
 *   lc/ROUTE/TIME/REF               live attempts by when somebody has to look at them
 *   k/KEY                           a limit and what is counted under it
 *   s/KEY/WINDOW                    stamps of a rolling cap
 *   sx/TIME/…                       when to look whether stamps may go
 *   i/LIST                          a suppression list, without its members
 *   im/LIST/GENERATION/MEMBER       its members; clearing it begins a new generation
 *   ie/TIME/…                       members by when they are listed no more
 *   a/SEQ                           entries of the ledger
 *   ab                              what has been handed out of it
 *   f/ROUTE                         virtual time of the organization served last
 *   o/ROUTE/ORGANIZATION            an organization's place in the fair order
 *   fo/ROUTE/…, fj/ROUTE/ORG/…      who may be served, by turn: organizations, and jobs of one
 *   v/…                             who has to be looked at when
 *      …/s/MEMBER                   in each of these three, the score of a member
 *      …/o/SCORE/MEMBER             and the members by score
 *   pk/KEY/WAKER                    who waits for room under a limit
 *   le/TIME/TAG                     leases by their end
 *   r/CHANNEL                       the last reply of a channel
 *   g/ROUTE                         signals given, counted, if other processes have to hear of them
 *   x/PREFIX                        ranges that nothing refers to any more, to be removed bit by bit
 */
export const META = 'm'
export const LEASES = 'le'
export const WAKES = 'v'
export const JOB_ORDER = 'jo'
export const REPLIES = 'r'
export const LIST_ENDS = 'ie'
export const LEDGER = 'a'
export const LEDGER_BOOK = 'ab'
const STAMPS = 's'
export const STAMP_SWEEPS = 'sx'
export const TRASH = 'x'

export const jobKey = (id: string): string => `j/${part(id)}`
export const jobOrderKey = (ordinal: number): string => `${JOB_ORDER}/${count(ordinal)}`
export const organizationJobs = (organization: string): string => `jg/${part(organization)}`
export const idempotencyKey = (organization: string, key: string): string => `ik/${part(organization)}/${part(key)}`

export const jobRange = (ordinal: number): string => `b/${count(ordinal)}`
export const jobPartKey = (ordinal: number, name: string): string => `${jobRange(ordinal)}/j/${name}`
export const laterKey = (ordinal: number, chunk: number): string => `${jobRange(ordinal)}/l/${count(chunk)}`
export const payloadKey = (ordinal: number, index: number): string => `${jobRange(ordinal)}/p/${count(index)}`
export const taskKey = (ordinal: number, index: number): string => `${jobRange(ordinal)}/t/${count(index)}`
export const dedupKey = (ordinal: number, key: string): string => `${jobRange(ordinal)}/d/${part(key)}`
export const waiting = (ordinal: number, lane: number): string => `${jobRange(ordinal)}/w/${count(lane)}`
export const events = (ordinal: number): string => `${jobRange(ordinal)}/e`
export const eventKey = (ordinal: number, seq: number): string => `${events(ordinal)}/${count(seq)}`
export const noteKey = (ordinal: number, index: number, id: string): string =>
  `${jobRange(ordinal)}/n/${count(index)}/${part(id)}`

export const liveKey = (ref: string): string => `l/${part(ref)}`
export const checks = (route: string): string => `lc/${part(route)}`
export const checkKey = (route: string, at: number, ref: string): string =>
  `${checks(route)}/${ordered(at)}/${part(ref)}`

export const limitKey = (key: string): string => `k/${part(key)}`
export const stampsKey = (key: string, windowMs: number): string => `${STAMPS}/${part(key)}/${ordered(windowMs)}`
export const stampSweepKey = (at: number, stamps: string): string => `${STAMP_SWEEPS}/${ordered(at)}/${stamps}`
export const listKey = (name: string): string => `i/${part(name)}`
export const listMembers = (name: string, generation: number): string => `im/${part(name)}/${count(generation)}`

export const listEndKey = (at: number, member: string): string => `${LIST_ENDS}/${ordered(at)}/${member}`
/** Behind every end up to this time. */
export const listEndsAfter = (at: number): string => `${LIST_ENDS}/${ordered(at)}0`

export const ledgerKey = (seq: number): string => `${LEDGER}/${count(seq)}`
export const taskLedger = (ordinal: number, index: number): string => `${jobRange(ordinal)}/a/${count(index)}`
export const taskLedgerKey = (ordinal: number, index: number, seq: number): string =>
  `${taskLedger(ordinal, index)}/${count(seq)}`

export const floorKey = (route: string): string => `f/${part(route)}`
export const organizationKey = (route: string, id: string): string => `o/${part(route)}/${part(id)}`
export const organizationOrder = (route: string): string => `fo/${part(route)}`
export const jobTurns = (route: string, organization: string): string => `fj/${part(route)}/${part(organization)}`
export const parkedUnder = (key: string): string => `pk/${part(key)}`
export const replyKey = (channel: string): string => `${REPLIES}/${part(channel)}`
export const signalKey = (route: string): string => `g/${part(route)}`
export const trashKey = (prefix: string): string => `${TRASH}/${part(prefix)}`

/** The keys that begin with these parts. */
export const under = (prefix: string): { gte: string; lt: string } => ({ gte: `${prefix}/`, lt: `${prefix}0` })
/** The least key after this one: `!` is the first character that may be in a key. */
export const after = (key: string): string => `${key}!`
