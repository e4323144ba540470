import type { ListEdit, ListedMember } from '@outdial/core'

/** Members in one script: it keeps everybody else waiting. */
const MEMBERS = 1000

/** A part of an edit of a list. */
export interface EditPart {
  readonly edit: ListEdit
  /** From 0. */
  readonly part: number
  /** Others follow. */
  readonly more: boolean
}

/** An edit in parts, in order; what is said of the list as a whole comes with the last. */
export function editParts(edit: ListEdit): EditPart[] {
  const { add = [], remove = [], unlessOn } = edit
  const spared = unlessOn === undefined ? {} : { unlessOn }
  if (add.length + remove.length <= MEMBERS) return [{ edit, part: 0, more: false }]
  const parts: ListEdit[] = []
  for (let i = 0; i < add.length; i += MEMBERS) parts.push({ add: add.slice(i, i + MEMBERS) })
  for (let i = 0; i < remove.length; i += MEMBERS) parts.push({ remove: remove.slice(i, i + MEMBERS), ...spared })
  return parts.map((each, part) =>
    part < parts.length - 1
      ? { edit: each, part, more: true }
      : { edit: { ...edit, add: [], remove: [], ...each }, part, more: false },
  )
}

/** Somebody on a list, as scripts tell it: until when (`true`: for good), and why. */
export type ListedRow = [member: string, until: number | true, reason: string | false]

export function listedMember([member, until, reason]: ListedRow): ListedMember {
  return { member, ...(until !== true && { until }), ...(reason !== false && { reason }) }
}
