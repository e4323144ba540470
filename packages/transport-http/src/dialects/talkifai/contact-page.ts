import type { CallJob, JobSnapshot } from '@outdial/core'
import { contactView } from './item-view.js'
import { CONTACT_STATUSES, type ContactStatus, contactStatus } from './states.js'

/** Which contacts: pages are counted from 1. */
export interface ContactQuery {
  status?: ContactStatus
  page: number
  size: number
}

/** A page of a batch's contacts, and how many there are in each status; of those that nobody is in, nothing. */
export async function contactPage(
  job: CallJob,
  snapshot: JobSnapshot,
  { status: wanted, page, size }: ContactQuery,
  now: number,
) {
  const counts = new Map<ContactStatus, number>()
  const contacts: Record<string, unknown>[] = []
  const offset = (page - 1) * size
  let total = 0
  for await (const task of job.tasks()) {
    const status = contactStatus(task, now)
    counts.set(status, (counts.get(status) ?? 0) + 1)
    if (wanted !== undefined && status !== wanted) continue
    if (total >= offset && contacts.length < size) contacts.push(contactView(task, snapshot, status))
    total++
  }
  const breakdown: Record<string, number> = {}
  for (const status of CONTACT_STATUSES) {
    const count = counts.get(status)
    if (count !== undefined) breakdown[status] = count
  }
  return {
    breakdown,
    contacts: {
      contacts,
      contactsTotal: total,
      contactsPage: page,
      contactsPageSize: size,
      contactsHasMore: offset + contacts.length < total,
    },
  }
}
