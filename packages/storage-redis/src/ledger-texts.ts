import type { LedgerPage } from '@outdial/core'

/** An entry as it is sent and stored: of which task it is, and what it says. */
export function ledgerText(ref: string, data: string): string {
  const second = ref.indexOf(':', ref.indexOf(':') + 1)
  return `${ref.slice(0, second)}\n${data}`
}

/** The entry that is stored so. */
export function ledgerEntry(text: string): LedgerPage['entries'][number] {
  const line = text.indexOf('\n')
  const colon = text.lastIndexOf(':', line)
  return {
    jobId: text.slice(0, colon),
    index: Number(text.slice(colon + 1, line)),
    data: text.slice(line + 1),
  }
}
