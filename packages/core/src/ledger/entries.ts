import type { LiveCall } from '../calls/live-call.js'
import { decisionText } from '../calls/memo.js'
import type { Call } from '../events/event-map.js'
import { fingerprint } from '../jobs/fingerprint.js'
import type { CallSpec, JobContext } from '../jobs/spec.js'
import { parseRef } from '../lifecycle/ref.js'
import { derivedFrom } from '../policy/cached.js'
import type { AttemptEntry } from '../ports/ledger.js'

type Job = Pick<JobContext<CallSpec>, 'id' | 'organization' | 'spec'>

/** Whether attempts of a job are entered: it was created by, or is worked off by, an engine that keeps a ledger. */
export function isEntered(keeps: boolean, { spec }: Pick<Job, 'spec'>): boolean {
  return keeps || spec.ledger === true
}

const beginnings = new WeakMap<Job, { readonly text: string }>()

/** The entry of an attempt that is over. `facts`: what there is to tell of it, as the inside of a JSON object. */
export function endedEntry({ ref, job, index, contact, memo }: LiveCall, facts: string): string {
  const { text } = derivedFrom(beginnings, job, () => ({ text: JSON.stringify(ofJob(job)).slice(0, -1) }))
  let entry = `${text},"kind":"ended","id":"${ref}","index":${index},${facts}`
  if (contact.externalId !== undefined) entry += `,"externalId":${JSON.stringify(contact.externalId)}`
  if (memo !== undefined) entry += `,"decision":${decisionText(memo)}`
  return `${entry}}`
}

/** The entry of what came to light about an attempt that is over: its `number`th correction, from 1. */
export function correctedEntry(job: Job, about: About, call: Call, number: number, now: number): string {
  return textOf({
    kind: 'corrected',
    id: `${call.ref}#${number}`,
    ...known(job, about.index, about.externalId),
    ...factsOf(call),
    knownAt: now,
  })
}

/** The entry of an agent's report. `note` tells it apart from others of the same call. */
export function reportedEntry(
  job: Job,
  about: About & { ref: string },
  note: string,
  data: string,
  now: number,
): string {
  const { ref, index, externalId, phone } = about
  const report = JSON.parse(data) as Readonly<Record<string, unknown>>
  const { disposition } = report
  return textOf({
    kind: 'reported',
    id: `${ref}#report:${fingerprint({ note })}`,
    ref,
    attempt: parseRef(ref)?.attempt ?? 0,
    ...known(job, index, externalId),
    ...(phone !== undefined && { to: phone }),
    ...(typeof disposition === 'string' && { disposition }),
    report,
    knownAt: now,
  })
}

/** Whom an entry is about, as far as that has not been removed. */
interface About {
  index: number
  phone?: string | undefined
  externalId?: string | undefined
}

function known(job: Job, index: number, externalId: string | undefined) {
  return { ...ofJob(job), index, ...(externalId !== undefined && { externalId }) }
}

function ofJob({ id, organization, spec }: Job) {
  return { organization, jobId: id, campaign: spec.name }
}

function factsOf(call: Call) {
  const { ref, attempt, from, to, state, placed, fencedAt, answeredAt, endedAt } = call
  const { duration, outcome, cost, booked, callId, raw } = call
  return {
    ref,
    attempt,
    from,
    to,
    state,
    ...(placed !== undefined && { placed }),
    fencedAt,
    ...(answeredAt !== undefined && { answeredAt }),
    ...(endedAt !== undefined && { endedAt }),
    ...(duration !== undefined && { duration }),
    ...(outcome !== undefined && { outcome }),
    ...(cost !== undefined && { cost }),
    ...(booked !== undefined && { booked }),
    ...(callId !== undefined && { callId }),
    ...(raw !== undefined && { raw }),
  }
}

/** Entries are texts to a store. */
function textOf(entry: AttemptEntry): string {
  return JSON.stringify(entry)
}
