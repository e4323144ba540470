import type { ListEdit } from '@outdial/core'

/** Members in one script: it keeps everybody else waiting. */
const MEMBERS = 1000

/** A part of an edit of a list. */
export interface EditPart {
  readonly edit: ListEdit
  /** Others follow. */
  readonly more: boolean
}

/** An edit in parts, in order; what is said of the list as a whole comes with the last. */
export function editParts(edit: ListEdit): EditPart[] {
  const { add = [], remove = [] } = edit
  if (add.length + remove.length <= MEMBERS) return [{ edit, more: false }]
  const parts: ListEdit[] = []
  for (let i = 0; i < add.length; i += MEMBERS) parts.push({ add: add.slice(i, i + MEMBERS) })
  for (let i = 0; i < remove.length; i += MEMBERS) parts.push({ remove: remove.slice(i, i + MEMBERS) })
  return parts.map((part, i) =>
    i < parts.length - 1
      ? { edit: part, more: true }
      : { edit: { ...edit, add: [], remove: [], ...part }, more: false },
  )
}
