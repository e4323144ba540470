import { csvCell, type SuppressionEntry, type SuppressionSummary, type SuppressionVerdict } from '@outdial/core'
import { time } from './job-view.js'

/** A list as a whole. `maxAge` in milliseconds. */
export function listView({ asOf, ...rest }: SuppressionSummary): Record<string, unknown> {
  return { ...rest, ...time('asOf', asOf) }
}

/** On which lists a number is, in the words of who asks. */
export function verdictView({ number, lists }: SuppressionVerdict): Record<string, unknown> {
  return {
    number,
    lists: lists.map(({ scope, expires, ...rest }) => ({
      list: 'job' in scope ? 'job' : 'organization' in scope ? 'organization' : 'everybody',
      ...rest,
      ...time('expires', expires),
    })),
  }
}

/** Everybody on a list, a line each. */
export async function* entriesText(
  entries: AsyncIterable<SuppressionEntry>,
  format: 'csv' | 'jsonl',
): AsyncGenerator<string> {
  if (format === 'csv') yield 'phone,reason,expires\r\n'
  for await (const { number, reason, expires } of entries) {
    const ends = time('expires', expires)
    if (format === 'jsonl')
      yield `${JSON.stringify({ phone: number, ...(reason !== undefined && { reason }), ...ends })}\n`
    // A cell that begins with a sign would be a formula; a number is none.
    else yield `${number},${csvCell(reason ?? '')},${ends.expires ?? ''}\r\n`
  }
}
