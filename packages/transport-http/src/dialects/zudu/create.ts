import type { ScheduleTime } from '@outdial/core'
import type * as z from 'zod'
import type { CallsGiven, Desk } from '../../desk/desk.js'
import { defined } from '../../frame/defined.js'
import { invalid } from '../../frame/parse.js'
import { attemptsOf, type Rules, retryOf, windowOf } from './rules.js'
import type { BatchCallBody } from './schema.js'
import type { BatchFacts } from './wire.js'

/** When a batch call begins. */
export type Beginning = 'now' | 'draft' | number

/** The engine keeps shorter names than the wire; the whole one is kept beside it. */
const LONGEST_NAME = 200

export function engineName(name: string | undefined): string {
  return name?.slice(0, LONGEST_NAME) || 'Batch call'
}

/**
 * What a body means by `send_now`, `status` and `trigger_timestamp`, in this order: send_now; an explicit status; a time;
 * and with none of them it is sent at once.
 */
export function beginningOf({ send_now, status, trigger_timestamp }: BatchCallBody): Beginning {
  if (send_now || status === 'sent') return 'now'
  if (status === 'draft') return 'draft'
  return trigger_timestamp ?? 'now'
}

/** A time to begin at has to be to come. */
export function checkFuture(beginning: Beginning, now: number): void {
  if (typeof beginning === 'number' && beginning <= now)
    throw invalid('body', ['trigger_timestamp'], 'must be in the future, in milliseconds since 1970')
}

/** In a row only these columns mean something; whatever a client calls its variables is its own. */
const COLUMNS = { externalId: false, notBefore: false, timezone: false, priority: false } as const

/** Of a row, what was in the request: it has been checked, so no schema has to look at a thousand rows again. */
const variables = {
  safeParse: ({ dynamic_variables: data }: Readonly<Record<string, unknown>>) => ({ success: true, data }),
} as unknown as z.ZodType<Record<string, unknown>>

/** Read only when the batch call is new: a repeated request may come when its time has passed. */
function* rowsOf({ tasks }: BatchCallBody, beginning: Beginning, now: number) {
  checkFuture(beginning, now)
  for (const { to_number: phone, dynamic_variables = {}, max_retries, agent_id } of tasks) {
    const row: Record<string, unknown> = { phone, dynamic_variables }
    if (max_retries !== undefined) row.attempts = max_retries + 1
    if (agent_id !== undefined) row.agent = agent_id
    yield row
  }
}

/** A body as a campaign. `facts` are added to those of the body. */
export async function callsOf(
  desk: Desk,
  body: BatchCallBody,
  begin: { beginning: Beginning; now: number; facts?: BatchFacts },
): Promise<CallsGiven> {
  const { name, from_number, agent_id, trigger_timestamp } = body
  const { organization_id, timezone, retry_config, retry_rules, quiet_hours } = body
  if (organization_id !== undefined && organization_id !== desk.organization)
    throw invalid('body', ['organization_id'], 'is not the organization of the API key')
  const rules: Rules = defined({ timezone, retry_config, retry_rules, quiet_hours })
  const agent = agent_id ?? (await desk.ownNumber(from_number))?.agent
  const retry = retryOf(rules)
  const window = windowOf(rules)
  const wire: BatchFacts = { ...begin.facts, ...defined({ name, trigger_timestamp }), ...rules }
  return {
    name: engineName(name),
    from: from_number,
    contacts: rowsOf(body, begin.beginning, begin.now),
    variables,
    columns: COLUMNS,
    rows: 'all',
    start: begin.beginning as ScheduleTime,
    timezone: timezone ?? 'UTC',
    // Quiet hours are those of the batch's zone, wherever its numbers are.
    zoneBy: 'job',
    attempts: attemptsOf(rules),
    ...(agent !== undefined && { agent }),
    ...(retry && { retry }),
    ...(window && { window }),
    wire,
  }
}
