import type { LedgerPage } from '@outdial/core'

/** An entry as it is sent: of which task it is, and what it says. The server puts before it when it came. */
export function ledgerText(ref: string, data: string): string {
  const second = ref.indexOf(':', ref.indexOf(':') + 1)
  return `${ref.slice(0, second)}\n${data}`
}

/** An entry as it is stored. */
export function ledgerEntry(text: string): LedgerPage['entries'][number] {
  const space = text.indexOf(' ')
  const line = text.indexOf('\n', space)
  const colon = text.lastIndexOf(':', line)
  return {
    jobId: text.slice(space + 1, colon),
    index: Number(text.slice(colon + 1, line)),
    at: Number(text.slice(0, space)),
    data: text.slice(line + 1),
  }
}
