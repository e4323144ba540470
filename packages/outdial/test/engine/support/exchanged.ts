import type { Fence, Fenced, Report } from 'outdial'
import type { Step } from './steps.js'

type Exchanged = Pick<Extract<Step, { kind: 'exchanged' }>, 'request' | 'reply'>
type Close = Extract<Report, { kind: 'close' }>
type Granted = Extract<Fenced, { status: 'fenced' }>

/** The ends of calls that the store took. */
export function closed({ request, reply }: Exchanged): Close[] {
  return request.reports.filter(
    (report, i): report is Close => report.kind === 'close' && reply.reports[i] === 'applied',
  )
}

/** The fences that it granted, each with what was asked for. */
export function granted({ request, reply }: Exchanged): (Granted & { fence: Fence })[] {
  return reply.fences.flatMap((fenced, i) =>
    fenced.status === 'fenced' ? [{ ...fenced, fence: request.fences[i] as Fence }] : [],
  )
}
