/** Whose calls a suppression list stops: those of one organization, of one job, or everybody's. */
export type SuppressionScope = { organization: string } | { job: string } | { everything: true }

/** The store's name of a list. */
export function listName(scope: SuppressionScope): string {
  if ('job' in scope) return `suppressed:job:${scope.job}`
  return 'organization' in scope ? `suppressed:organization:${scope.organization}` : 'suppressed:everything'
}

/** The lists on which a number must not be, to be called by this job. */
export function listsOf(job: string, organization: string): readonly string[] {
  return [{ everything: true } as const, { organization }, { job }].map(listName)
}
