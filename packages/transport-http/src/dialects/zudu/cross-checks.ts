import type * as z from 'zod'
import type { BatchCallBody } from './schema.js'

/** What no single field shows: what contradicts itself is refused, rather than that one half of it is ignored. */
export function crossChecks(body: BatchCallBody, context: z.RefinementCtx<BatchCallBody>): void {
  const refuse = (path: (string | number)[], message: string) => context.addIssue({ code: 'custom', path, message })
  const { tasks, status, send_now, trigger_timestamp, quiet_hours, retry_rules = [], retry_config } = body
  const first = new Map<string, number>()
  for (const [i, { to_number, max_retries = 0 }] of tasks.entries()) {
    const before = first.get(to_number)
    if (to_number === body.from_number) refuse(['tasks', i, 'to_number'], 'is the from_number')
    // Nobody is called twice by accident, and no task is dropped without a word.
    else if (before !== undefined) refuse(['tasks', i, 'to_number'], `is also that of tasks[${before}]`)
    else first.set(to_number, i)
    if (retry_config?.enabled === false && max_retries > 0)
      refuse(['tasks', i, 'max_retries'], 'contradicts retry_config.enabled: false')
  }
  if (send_now && status !== undefined && status !== 'sent') refuse(['send_now'], `contradicts status '${status}'`)
  if (status === 'scheduled' && trigger_timestamp === undefined)
    refuse(['trigger_timestamp'], "is needed with status 'scheduled'")
  if (quiet_hours && quiet_hours.start_time === quiet_hours.end_time)
    refuse(['quiet_hours', 'end_time'], 'is the start_time, so the hours are empty')
  for (const [i, { condition }] of retry_rules.entries())
    if (retry_rules.findIndex((rule) => rule.condition === condition) < i)
      refuse(['retry_rules', i, 'condition'], 'has a rule already')
}
