import type { CallJob, JobSnapshot } from '@outdial/core'
import { sliceOf } from '../../desk/pages.js'
import { contactView } from './item-view.js'
import { CONTACT_STATUSES, type ContactStatus, contactStatus } from './states.js'

/** Which contacts: pages are counted from 1. */
export interface ContactQuery {
  page: number
  size: number
}

/** A page of a batch's contacts. */
export async function contactPage(job: CallJob, snapshot: JobSnapshot, query: ContactQuery, now: number) {
  const { total } = snapshot.tasks
  const { items } = await sliceOf(job.tasks(), { offset: offsetOf(query), limit: query.size, total })
  const contacts = items.map((task) => contactView(task, snapshot, contactStatus(task, now)))
  return pageView(contacts, total, query)
}

/** A page of those in one status, or of all; and how many there are in each: of those that nobody is in, nothing. */
export async function contactBreakdown(
  job: CallJob,
  snapshot: JobSnapshot,
  { status: wanted, ...query }: ContactQuery & { status?: ContactStatus },
  now: number,
) {
  const counts = new Map<ContactStatus, number>()
  const contacts: Record<string, unknown>[] = []
  let total = 0
  for await (const task of job.tasks()) {
    const status = contactStatus(task, now)
    counts.set(status, (counts.get(status) ?? 0) + 1)
    if (wanted !== undefined && status !== wanted) continue
    if (total >= offsetOf(query) && contacts.length < query.size) contacts.push(contactView(task, snapshot, status))
    total++
  }
  const breakdown: Record<string, number> = {}
  for (const status of CONTACT_STATUSES) {
    const count = counts.get(status)
    if (count !== undefined) breakdown[status] = count
  }
  return { breakdown, contacts: pageView(contacts, total, query) }
}

const offsetOf = ({ page, size }: ContactQuery): number => (page - 1) * size

function pageView(contacts: readonly Record<string, unknown>[], total: number, query: ContactQuery) {
  return {
    contacts,
    contactsTotal: total,
    contactsPage: query.page,
    contactsPageSize: query.size,
    contactsHasMore: offsetOf(query) + contacts.length < total,
  }
}
