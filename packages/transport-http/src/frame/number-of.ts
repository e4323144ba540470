import { contactReader } from '@outdial/contacts'

const reader = contactReader()

/** What a text is as E.164; `undefined` for what is no number. Asked of every number of a request. */
export function numberOf(text: string): string | undefined {
  return reader.number?.(text)
}
