import type { JobSnapshot } from '@outdial/core'
import type * as z from 'zod'
import type { Desk } from '../../desk/desk.js'
import type { Slice } from '../../desk/pages.js'
import { fieldOf, itemView } from './item-view.js'
import type { listQuery } from './list-query.js'
import { statusOf, typeOf } from './states.js'

type Query = z.infer<ReturnType<typeof listQuery>>

/** A page of the jobs that a query asks for. Values of one filter are alternatives; every filter has to let a job through. */
export async function listedJobs(desk: Desk, { page, sort, filter }: Query): Promise<Slice<JobSnapshot>> {
  const { type, status, phone_number: phones } = filter
  const part = { offset: (page.number - 1) * page.size, limit: page.size }
  const listing = {
    kind: 'operations',
    where: (job: JobSnapshot) => {
      const one = typeOf(job)
      return one !== undefined && (type ?? one) === one && (status === undefined || status.includes(statusOf(job)))
    },
    // Newest first is the default of both; the other way the store's own order is wanted, which a stable sort keeps.
    ...(sort === 'created_at' && { order: (a: JobSnapshot, b: JobSnapshot) => a.createdAt - b.createdAt }),
  } as const
  if (phones === undefined) return desk.list({ ...listing, ...part })
  const wanted = new Set(phones)
  const items: JobSnapshot[] = []
  for (const job of (await desk.list(listing)).items) if (await names(desk, job, wanted)) items.push(job)
  return { items: items.slice(part.offset, part.offset + part.limit), total: items.length }
}

/** Whether a job is about one of these numbers, by id or E.164. Its items know: nothing of them is kept with the job. */
async function names(desk: Desk, { id, spec }: JobSnapshot, wanted: ReadonlySet<string>): Promise<boolean> {
  const { job } = await desk.operationJob(id)
  const field = fieldOf(spec)
  for await (const item of job.items()) {
    const { number } = itemView(item, field)
    if (wanted.has(number.id ?? '') || wanted.has(number.phone_number ?? '')) return true
  }
  return false
}
