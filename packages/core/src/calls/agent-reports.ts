import type { Host } from '../engine/host.js'
import { OutdialError } from '../errors/outdial-error.js'
import { fingerprint } from '../jobs/fingerprint.js'
import type { CallSpec, JobSpec } from '../jobs/spec.js'
import { listName, saidListName } from '../jobs/suppression-lists.js'
import { isEntered, reportedEntry } from '../ledger/entries.js'
import { parseRef, type RefParts } from '../lifecycle/ref.js'
import { isCooldownList } from '../policy/cooldowns.js'
import { resolveSchedule } from '../policy/schedule.js'
import { defaultZone, zoneForTimes, zonesFor } from '../policy/zones.js'
import type { Contact } from '../ports/contacts.js'
import type { Report } from '../ports/storage-exchange.js'
import type { JobRecord } from '../ports/storage-jobs.js'
import type { Enlisting } from '../ports/storage-limits.js'
import type { TaskRecord } from '../ports/storage-read.js'
import { type Placement, passes, placeCallback, refusedCallback } from './callback.js'
import {
  type CallbackAnswer,
  type Disposition,
  type OptOutList,
  optOutLists,
  parseDisposition,
  type Reported,
} from './disposition.js'
import { enlistedByDisposition, suppressing } from './enlistings.js'
import { callTask } from './live-call.js'

interface ReportParts {
  host: Host
  opened: () => Promise<void>
  report: (report: Report) => Promise<boolean>
}

type Note = Extract<Report, { kind: 'note' }>

/** A call that somebody reports of, and whose it is. */
interface Call {
  readonly ref: string
  readonly parts: RefParts
  readonly job: JobRecord
  readonly spec: CallSpec
  readonly task: TaskRecord
  /** Absent once redacted. */
  readonly contact: Contact | undefined
}

/** Takes what agents learned, and does what follows from it. */
export class AgentReports {
  readonly #parts: ReportParts

  constructor(parts: ReportParts) {
    this.#parts = parts
  }

  /**
   * See `Calls.report`. All is checked before anything is done. The lists of the job and its organization are added to in the step of the
   * report; everybody's comes first, since nobody may be called in between.
   */
  async take(ref: string, learned: Disposition): Promise<Reported> {
    const given = parseDisposition(learned)
    await this.#parts.opened()
    const call = await this.#find(ref)
    const at = given.callback === undefined ? undefined : this.#callbackTime(call, given.callback)
    const lists = optOutLists(given)
    const enlist = this.#enlist(call, given, lists)
    if (lists.includes('global')) await this.#suppressEverywhere(call, given)
    const note = (answer?: CallbackAnswer) => this.#entered(call, noteOf(ref, given, at, answer, enlist))
    const placed = at === undefined ? undefined : await this.#callBack(call, given, at, note)
    const recorded = placed?.recorded ?? (await this.#parts.report(note(placed?.answer)))
    if (recorded) this.#tell(call, note(placed?.answer).data)
    else await this.#listAgain(enlist)
    return {
      recorded,
      ...(lists.length > 0 && { suppressed: lists }),
      ...(placed && { callback: placed.answer }),
    }
  }

  async #find(ref: string): Promise<Call> {
    const { storage } = this.#parts.host
    const parts = typeof ref === 'string' ? parseRef(ref) : undefined
    const task = parts && (await storage.getTask(parts.jobId, parts.index))
    const job = task && (await storage.getJob(parts.jobId))
    const spec = job && (JSON.parse(job.spec) as JobSpec)
    if (!parts || !task || !job || spec?.kind !== 'calls' || parts.attempt > task.attempts) {
      throw new OutdialError('call_not_found', `There is no call ${ref}.`, { ref })
    }
    const contact = task.payload === undefined ? undefined : (JSON.parse(task.payload) as Contact)
    return { ref, parts, job, spec, task, contact }
  }

  #callbackTime({ spec, contact }: Call, input: NonNullable<Disposition['callback']>): number {
    const { zones } = this.#parts.host
    const now = this.#parts.host.now()
    const zone = contact ? zoneForTimes(zonesFor(spec, contact, zones), now) : defaultZone(spec)
    return resolveSchedule(input, { zone, now, field: 'callback' })
  }

  /** Who is put on which lists of the job and its organization by the report. */
  #enlist({ ref, job, spec, contact }: Call, given: Disposition, lists: readonly OptOutList[]): Enlisting[] {
    if (!contact) {
      if (lists.length === 0) return []
      throw new OutdialError(
        'call_not_found',
        `The data of call ${ref} were removed, its number too. Put the number on the list yourself: engine.suppression.add.`,
        { ref },
      )
    }
    const enlisted = lists.flatMap((list) =>
      list === 'global' ? [] : suppressing(job, list, contact.phone, whyOf(given, list)),
    )
    if (given.disposition === undefined) return enlisted
    const named = { id: job.id, organization: job.organization, spec }
    const { host } = this.#parts
    return [...enlisted, ...enlistedByDisposition(named, contact, given.disposition, host.now(), host.zones)]
  }

  /** Repeating an opt-out counts, also if somebody has taken the number off the list since. A cool-down began with the first report. */
  async #listAgain(enlist: readonly Enlisting[]): Promise<void> {
    for (const { list, ...entry } of enlist) {
      if (!isCooldownList(list)) await this.#parts.host.storage.setList(list, { add: [entry] })
    }
  }

  async #suppressEverywhere({ contact }: Call, given: Disposition): Promise<void> {
    const scope = { everything: true } as const
    const add = [{ member: contact?.phone ?? '', reason: whyOf(given, 'global') }]
    await this.#parts.host.storage.setList(saidListName(scope), { add })
    await this.#parts.host.storage.setList(listName(scope), { add })
  }

  async #callBack(
    call: Call,
    given: Disposition,
    at: number,
    note: (answer: CallbackAnswer) => Note,
  ): Promise<Placement> {
    if (given.optOut) return { answer: refusedCallback('opted_out') }
    if (given.wrongNumber) return { answer: refusedCallback('wrong_number') }
    const { host, report } = this.#parts
    const placed = await placeCallback({ host, tell: report, note }, { ...call, at })
    const { job, parts, contact } = call
    if (contact && placed.moved) {
      const task = callTask({ id: job.id, organization: job.organization }, parts.index, contact)
      host.events.emit('task.deferred', { task, until: at, reasons: ['callback'] })
    }
    return placed
  }

  #entered({ ref, parts, job, spec, contact }: Call, note: Note): Note {
    const { host } = this.#parts
    if (!isEntered(host.keepsLedger, { spec })) return note
    const about = { ref, index: parts.index, phone: contact?.phone, externalId: contact?.externalId }
    const named = { id: job.id, organization: job.organization, spec }
    return { ...note, ledger: reportedEntry(named, about, note.id, note.data, host.now()) }
  }

  #tell({ ref, parts }: Call, data: string): void {
    const { jobId, index } = parts
    const disposition = JSON.parse(data) as Readonly<Record<string, unknown>>
    this.#parts.host.events.emit('call.reported', { ref, jobId, index, disposition })
  }
}

/** Why a report puts a number on a list: what is kept with the entry. */
function whyOf({ optOut }: Disposition, list: OptOutList): string {
  const { list: asked = 'organization', reason } = typeof optOut === 'object' ? optOut : {}
  if (!optOut || asked !== list) return 'wrong_number'
  return reason === undefined ? 'opt_out' : `opt_out: ${reason}`.slice(0, 200)
}

/**
 * The report as it is kept: by what was given it is told apart from others, with what came of it. A store keeps the id of a
 * note for good, so it says nothing of what was reported. What is refused for something that may change is another note: the
 * report is not known by it, and counts when it is repeated after the change.
 */
function noteOf(
  ref: string,
  { id, ...content }: Disposition,
  callback: number | undefined,
  answer: CallbackAnswer | undefined,
  enlist: readonly Enlisting[],
): Note {
  const kept = {
    ...content,
    ...(callback !== undefined && { callback }),
    ...(answer?.status === 'refused' && { callbackRefused: answer.reason }),
  }
  const kind = answer?.status === 'refused' && passes(answer.reason) ? `refused ${answer.reason}` : 'report'
  const note = { kind: 'note' as const, ref, id: `${kind}:${id ?? fingerprint(content)}`, data: JSON.stringify(kept) }
  return enlist.length === 0 ? note : { ...note, enlist }
}
