import { listName, saidListName } from '../jobs/suppression-lists.js'
import type { Storage } from '../ports/storage.js'
import type { ListEdit } from '../ports/storage-limits.js'
import type { NumberList } from './number-list.js'
import type { SuppressionEdit } from './options.js'

/** So many numbers go to the store at a time. */
export const CHUNK = 5000
/** So many entries come from it, and are asked about. */
export const PAGE = 1000

/** What a replacement came to. */
export interface Replaced {
  /** Entries on the list now. */
  size: number
  /** Entries that are not on it any more. */
  removed: number
  /** Entries that are not among the numbers and stay: a call put them there. */
  kept: number
}

/** Adds numbers to a list. What is said of the list as a whole comes last: until then the list is as old as it was. */
export async function addNumbers(
  storage: Storage,
  numbers: NumberList,
  edit: SuppressionEdit,
): Promise<{ size: number }> {
  const list = listName(edit.scope)
  let result = await storage.setList(list, {})
  for (const chunk of numbers.chunks(CHUNK)) result = await storage.setList(list, { add: entriesOf(chunk, edit) })
  const version = versionOf(edit)
  return version ? await storage.setList(list, version) : result
}

/**
 * Makes a list what these numbers are: all of them are added before any other is removed, so that there is no moment at which
 * somebody who is on both the old list and the new one could be called. Who asked not to be called, or was listed by what came of a call,
 * stays.
 */
export async function replaceList(storage: Storage, numbers: NumberList, edit: SuppressionEdit): Promise<Replaced> {
  const list = listName(edit.scope)
  const { asOf: _, maxAgeMs: __, ...adding } = edit
  await addNumbers(storage, numbers, adding)
  await listAllSaid(storage, edit.scope)
  const stays = numbers.among()
  let removed = 0
  let kept = 0
  let cursor: string | undefined
  do {
    const page = await storage.scanList(list, { max: PAGE, ...(cursor !== undefined && { cursor }) })
    const gone = page.items.flatMap(({ member }) => (stays(member) ? [] : member))
    const said = await removeUnsaid(storage, edit, gone)
    kept += said
    removed += gone.length - said
    cursor = page.cursor
  } while (cursor !== undefined)
  const { size } = await storage.setList(list, versionOf(edit) ?? {})
  return { size, removed, kept }
}

/** Has everybody on the list whom a call has put there: a replacement by an earlier version that broke off may have left some out. */
async function listAllSaid(storage: Storage, scope: SuppressionEdit['scope']): Promise<void> {
  let cursor: string | undefined
  do {
    const page = await storage.scanList(saidListName(scope), { max: PAGE, ...(cursor !== undefined && { cursor }) })
    if (page.items.length > 0) await storage.setList(listName(scope), { add: page.items })
    cursor = page.cursor
  } while (cursor !== undefined)
}

/** Removes members, but those that a call put on the list, be it in this moment. Answers how many those are. */
async function removeUnsaid(storage: Storage, { scope }: SuppressionEdit, remove: readonly string[]): Promise<number> {
  if (remove.length === 0) return 0
  await storage.setList(listName(scope), { remove, unlessOn: saidListName(scope) })
  const { members } = await storage.getList(listName(scope), remove)
  return members.filter((member) => member !== undefined).length
}

function entriesOf(numbers: readonly string[], { reason, until }: SuppressionEdit): NonNullable<ListEdit['add']> {
  if (reason === undefined && until === undefined) return numbers
  const about = { ...(until !== undefined && { until }), ...(reason !== undefined && { reason }) }
  return numbers.map((member) => ({ member, ...about }))
}

function versionOf({ asOf, maxAgeMs }: SuppressionEdit): ListEdit | undefined {
  if (asOf === undefined && maxAgeMs === undefined) return undefined
  return { ...(asOf !== undefined && { asOf }), ...(maxAgeMs !== undefined && { maxAgeMs }) }
}
