import type { Complain, Evidence } from './evidence.js'

const PARTS = 'fresh deferred claimed active unknown succeeded failed skipped canceled expired'.split(' ') as Part[]
type Part = Exclude<keyof Evidence['jobs'][number]['record']['counts'], 'total'>

/** The counters are those of a recount, add up, and nothing is held when all is over. */
export function checkCounters({ jobs }: Evidence, complain: Complain): void {
  for (const { record, recount } of jobs) {
    const { id, counts } = record
    const sum = PARTS.reduce((total, part) => total + counts[part], 0)
    if (sum !== counts.total) complain('counters', `${id}: ${sum} tasks counted of ${counts.total}`)
    compare(`${id}: counts`, { ...counts }, { ...recount.counts }, complain)
    compare(`${id}: outcomes`, record.outcomes, recount.outcomes, complain)
    compare(`${id}: reasons`, record.reasons, recount.reasons, complain)
    compare(`${id}: held`, recount.holds, {}, complain)
  }
}

function compare(
  what: string,
  counted: Readonly<Record<string, number>>,
  recounted: Readonly<Record<string, number>>,
  complain: Complain,
): void {
  for (const name of new Set([...Object.keys(counted), ...Object.keys(recounted)])) {
    const [is, should] = [counted[name] ?? 0, recounted[name] ?? 0]
    if (is !== should) complain('counters', `${what} of ${name} are ${is}, a recount says ${should}`)
  }
}
