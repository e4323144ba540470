import type { ListEdit, ListedMember, ListState } from '../ports/storage-limits.js'
import type { MemberList, Workspace } from './workspace.js'

/** Whether somebody is on a list at an instant. */
export function isListed(list: MemberList, member: string, at: number): boolean {
  const end = list.end(member)
  return end !== undefined && end > at
}

/**
 * Puts somebody on a list. Of two ends the later stays, with its reason; of equal ones the first. An end that has passed
 * changes nothing.
 */
export function addMember(list: MemberList, added: ListedMember, now: number): void {
  const { member, until = Number.POSITIVE_INFINITY, reason } = added
  if (until <= now) return
  const end = list.end(member)
  if (end === undefined || end < until) list.put(member, until, reason)
}

/** The rules of `Storage.setList`. */
export function editList(ws: Workspace, name: string, edit: ListEdit): { size: number } {
  const list = ws.makeList(name)
  if (edit.clear) list.clear()
  for (const added of edit.add ?? []) addMember(list, typeof added === 'string' ? { member: added } : added, ws.now)
  const spared = edit.unlessOn === undefined ? undefined : ws.list(edit.unlessOn)
  for (const member of edit.remove ?? []) {
    if (!spared || !isListed(spared, member, ws.now)) list.delete(member)
  }
  if (edit.asOf !== undefined) list.asOf = edit.asOf
  if (edit.maxAgeMs === null) list.maxAgeMs = undefined
  else if (edit.maxAgeMs !== undefined) list.maxAgeMs = edit.maxAgeMs
  return { size: list.size }
}

/** The rules of `Storage.getList`. */
export function listState(ws: Workspace, name: string, members: readonly string[]): ListState {
  const list = ws.list(name)
  if (!list) return { size: 0, members: members.map(() => undefined) }
  const { size, asOf, maxAgeMs } = list
  return {
    size,
    ...(asOf !== undefined && { asOf }),
    ...(maxAgeMs !== undefined && { maxAgeMs }),
    members: members.map((member) =>
      isListed(list, member, ws.now)
        ? listedMember(member, list.end(member) as number, list.reason(member))
        : undefined,
    ),
  }
}

/** A member as the port shows it. */
export function listedMember(member: string, end: number, reason: string | undefined): ListedMember {
  return {
    member,
    ...(end < Number.POSITIVE_INFINITY && { until: end }),
    ...(reason !== undefined && { reason }),
  }
}
