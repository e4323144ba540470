import * as z from 'zod'
import type { Host } from '../engine/host.js'
import { isOutdialError, OutdialError } from '../errors/outdial-error.js'
import type { JobSpec } from '../jobs/spec.js'
import { listName, type SuppressionScope, saidListName } from '../jobs/suppression-lists.js'
import { isTaskOver, taskState } from '../lifecycle/task.js'
import { parseOptions } from '../policy/options.js'
import type { Contact, ContactReader } from '../ports/contacts.js'
import type { LedgerSink } from '../ports/ledger.js'
import type { JobRecord } from '../ports/storage-jobs.js'
import type { TaskRecord } from '../ports/storage-read.js'

/** Whose data are to be removed: somebody with this number, or with this id of the host's. One of both. */
export interface EraseOptions {
  phone?: string | undefined
  externalId?: string | undefined
  /** Default `default`. */
  organization?: string | undefined
  /**
   * Takes the number off the do-not-call lists of the organization and its jobs too. Default false: then it stays there, because without
   * it the person could be called again.
   */
  suppression?: boolean | undefined
}

/** What came of it. */
export interface Erased {
  /** Contacts whose data have been removed now, those that were waiting ended as `erased`. */
  erased: number
  /** Contacts that are being called, or are about to be: their data are there until this is repeated after the call. */
  live: readonly { jobId: string; index: number }[]
  /** Whether the ledger's sink was told: false when this engine has none, or it cannot erase. */
  ledger: boolean
}

interface Parts {
  host: Host
  reader: ContactReader
  sink: LedgerSink | undefined
  opened: () => Promise<void>
}

const PAGE = 500
/** Why the contact has ended. */
const REASON = 'erased'
/** A claim is fenced or given back soon: so often, and so long in between, it is asked again. */
const TRIES = 25
const AGAIN = 200

const schema = z
  .strictObject({
    phone: z.string().optional(),
    externalId: z.string().min(1).max(1000).optional(),
    organization: z.string().min(1).max(200).optional(),
    suppression: z.boolean().optional(),
  })
  .refine(({ phone, externalId }) => (phone === undefined) !== (externalId === undefined), {
    path: ['phone'],
    error: 'name a phone or an externalId, one of both',
  })

/** Removes one person's data from all campaigns of an organization. */
export async function erase({ host, reader, sink, opened }: Parts, options: EraseOptions): Promise<Erased> {
  const { phone, externalId, organization = 'default', suppression = false } = parseOptions(schema, options, '')
  const number = phone === undefined ? undefined : numberOf(reader, phone)
  await opened()
  const live: { jobId: string; index: number }[] = []
  const phones = new Set(number === undefined ? [] : [number])
  const jobIds: string[] = []
  let erased = 0
  for await (const job of campaignsOf(host, organization)) {
    jobIds.push(job.id)
    for await (const task of tasksOf(host, job, number, externalId)) {
      const contact = contactOf(task)
      if (!contact) continue
      phones.add(contact.phone)
      if (await eraseTask(host, job.id, task)) erased++
      else live.push({ jobId: job.id, index: task.index })
    }
  }
  if (suppression) await unlist(host, [{ organization }, ...jobIds.map((job) => ({ job }))], [...phones])
  const person = { organization, phones: [...phones], ...(externalId !== undefined && { externalId }) }
  await sink?.erase?.(person)
  return { erased, live, ledger: sink?.erase !== undefined }
}

function numberOf(reader: ContactReader, phone: string): string {
  const read = reader.phone(phone)
  if ('e164' in read) return read.e164
  throw new OutdialError('invalid_options', `phone: ${read.message}`, { field: 'phone' })
}

async function* campaignsOf({ storage }: Host, organization: string): AsyncGenerator<JobRecord, void, undefined> {
  let cursor: string | undefined
  do {
    const page = await storage.listJobs({ organization, max: PAGE, ...(cursor !== undefined && { cursor }) })
    for (const job of page.items) if ((JSON.parse(job.spec) as JobSpec).kind === 'calls') yield job
    cursor = page.cursor
  } while (cursor !== undefined)
}

/** The person's contacts in a job: by its number there is an index, by the host's id all have to be looked through. */
async function* tasksOf(
  { storage }: Host,
  { id }: JobRecord,
  number: string | undefined,
  externalId: string | undefined,
): AsyncGenerator<TaskRecord, void, undefined> {
  if (number !== undefined) {
    const index = await storage.findTask(id, number.slice(1))
    const task = index === undefined ? undefined : await storage.getTask(id, index)
    if (task) yield task
    return
  }
  let cursor: string | undefined
  do {
    const page = await storage.scanTasks(id, { max: PAGE, ...(cursor !== undefined && { cursor }) })
    for (const task of page.items) if (contactOf(task)?.externalId === externalId) yield task
    cursor = page.cursor
  } while (cursor !== undefined)
}

/** Ends a contact that waits, and removes its data. False: it is being called. */
async function eraseTask(host: Host, jobId: string, { index }: TaskRecord): Promise<boolean> {
  const { storage } = host
  for (let tries = 0; tries < TRIES && !host.ended.aborted; tries++) {
    const task = await storage.getTask(jobId, index)
    if (!task) return true
    if (isTaskOver(taskState(task.place))) {
      await storage.redact(jobId, index)
      return true
    }
    if (task.place === 'active' || task.place === 'unknown') return false
    try {
      const next = { terminal: 'canceled', reason: REASON } as const
      if (task.place !== 'claimed') await storage.control(jobId, { task: { index, next } })
      else await host.pause(AGAIN, host.ended)
    } catch (error) {
      // It was claimed or has ended just now.
      if (!isOutdialError(error, 'task_busy') && !isOutdialError(error, 'task_ended')) throw error
    }
  }
  return false
}

async function unlist(
  { storage }: Host,
  scopes: readonly SuppressionScope[],
  remove: readonly string[],
): Promise<void> {
  for (const scope of scopes) {
    await storage.setList(saidListName(scope), { remove })
    await storage.setList(listName(scope), { remove })
  }
}

function contactOf({ payload }: TaskRecord): Contact | undefined {
  return payload === undefined ? undefined : (JSON.parse(payload) as Contact)
}
