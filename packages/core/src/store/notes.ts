import type { NoteName } from '../ports/storage-jobs.js'

/** What a note is remembered by among those of its task. */
export function noteText({ ref, id }: NoteName): string {
  return `${ref}#${id}`
}
