/** Numbers that one request may name, or a filter take. */
export const MOST_NUMBERS = 1000

/** Sentences that the service documents, letter by letter. */
export const TEXTS = {
  mustBePresent: 'must be present',
  noNumber: 'You must provide at least 1 phone number.',
  tooManyNumbers: `${MOST_NUMBERS} numbers is the maximum allowed.`,
  notYours: 'You must own every number in the bulk request',
  mixed: 'You must specify either all phone numbers in the e164 format or all as phone number ids',
  noField: 'You must provide at least 1 updateable field.',
  openJobs: (most: number) => `You can have at most ${most} pending or in progress jobs`,
  billingGroup: 'The specified billing group either does not exist or is not part of your account',
  pagination:
    "The provided 'page' parameter is invalid. It must be an object with 'size' and/or 'number' with numeric values.",
  sorting: 'The value provided for sorting is not valid. Check the value used and try again.',
} as const
