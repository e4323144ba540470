/** What may be wrong with a search. */
export const TROUBLE = ['throttled', 'error', 'silence', 'account'] as const
