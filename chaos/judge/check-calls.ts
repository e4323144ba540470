import type { Complain, Evidence } from './evidence.js'
import { taskOf } from './task-name.js'

interface Contact {
  live: Set<string>
  placed: Set<string>
  lastEnd: string | undefined
}

/** Nobody is called twice: not with one ref, not at once, and not again unless the outcome before asked for it. */
export function checkCalls({ ledger, retried }: Evidence, complain: Complain): void {
  const contacts = new Map<string, Contact>()
  for (const { kind, ref, detail } of ledger) {
    if (kind !== 'placed' && kind !== 'ended') continue
    const name = taskOf(ref)
    const contact = contacts.get(name) ?? { live: new Set(), placed: new Set(), lastEnd: undefined }
    contacts.set(name, contact)
    if (kind === 'ended') {
      contact.live.delete(ref)
      contact.lastEnd = detail
      continue
    }
    if (contact.placed.has(ref)) complain('duplicate', `${ref} was placed twice`)
    else if (contact.live.size > 0) complain('duplicate', `${ref} was placed while ${[...contact.live]} was live`)
    else if (contact.placed.size > 0 && !retried.includes(contact.lastEnd ?? '')) {
      complain('duplicate', `${ref} was placed though the call before ended as ${contact.lastEnd}`)
    }
    contact.placed.add(ref)
    contact.live.add(ref)
  }
}
