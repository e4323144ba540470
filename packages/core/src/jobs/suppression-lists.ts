/** Whose calls a suppression list stops: those of one organization, of one job, or everybody's. */
export type SuppressionScope = { organization: string } | { job: string } | { everything: true }

/** The store's name of a list. */
export function listName(scope: SuppressionScope): string {
  return `suppressed:${scopeName(scope)}`
}

/**
 * The store's name of the list of those who are on a list because of a call: an opt-out, an outcome. No fence asks for it. It is there
 * so that a file that takes the list's place does not make them callable again.
 */
export function saidListName(scope: SuppressionScope): string {
  return `said:${scopeName(scope)}`
}

/** The lists on which a number must not be, to be called by this job. */
export function listsOf(job: string, organization: string): readonly string[] {
  return [{ everything: true } as const, { organization }, { job }].map(listName)
}

function scopeName(scope: SuppressionScope): string {
  if ('job' in scope) return `job:${scope.job}`
  return 'organization' in scope ? `organization:${scope.organization}` : 'everything'
}
