import type { ListedMember, Report } from '@outdial/core'
import type { ModelJob, ModelList, World } from './world.js'

/** A list, made if there is none. */
export function listOf(world: World, name: string): ModelList {
  const list = world.lists.get(name) ?? { members: new Map() }
  world.lists.set(name, list)
  return list
}

/** Puts somebody on a list: the later end stays, and its reason with it. */
export function enlist(world: World, list: string, { member, until, reason }: ListedMember): void {
  const { members } = listOf(world, list)
  const end = until ?? Number.POSITIVE_INFINITY
  if (end > world.now && end > (members.get(member)?.end ?? 0)) members.set(member, { end, reason })
}

/** When a member is not listed any more; the past if it is not. */
export function listedUntil(world: World, list: string, member: string): number {
  return world.lists.get(list)?.members.get(member)?.end ?? Number.NEGATIVE_INFINITY
}

/** What a report brings besides what it says of its attempt. */
export function keep(
  world: World,
  job: ModelJob,
  index: number,
  told: Extract<Report, { kind: 'close' | 'note' }>,
): void {
  for (const { list, ...member } of told.enlist ?? []) enlist(world, list, member)
  if (told.ledger === undefined) return
  const { id: jobId, organization } = job
  world.ledger.push({ organization, entry: { jobId, index, data: told.ledger } })
}

/** Names of people and of lists: one of everybody's, and one of each organization that reports add to. */
export const PEOPLE = ['+12025550101', '12025550101', 'member0'] as const
export const STOP = 'stop'
export function listOfOrganization({ organization }: ModelJob): string {
  return `cool:${organization}`
}

/** The job of a claim or a ref. */
export function jobOfName(world: World, name: string): ModelJob | undefined {
  return world.jobs.get(name.split(':')[0] ?? '')
}
