import { type Area, rules } from './rule.js'

export const LISTS: Area = {
  title: 'Lists of people',
  about:
    'Who is not to be called, for good or for a while. Lists are asked at the fence, and changed by hand and by reports.',
  rules: rules('core', {
    'S-219': 'spare, of those that an edit removes, whoever is on the other list that it names, and nobody else',
    'S-220':
      'refuse whoever is on a list until the end of the entry, to the last millisecond, and without one for good',
    'S-221':
      'say with a refusal when the last of all reasons lets go: the latest end, and no time at all if one is for good',
    'S-222': 'keep the later of two ends of a member, with its reason, and the first of equal ones',
    'S-223': 'add nobody whose end has passed, and show nobody any more from then on',
    'S-224': 'do the parts of an edit in their order, and go by a `maxAgeMs` until it is changed or taken away',
    'S-225':
      'say of a list as of when it is and how old it may get, and of everybody asked about whether, until when and why they are on it; a list that nobody has made is empty',
    'S-226': 'scan a list page by page: everybody who is on it, with end and reason, no more at once than asked for',
    'S-227': 'miss nobody in a scan who is on the list throughout, whoever comes and goes meanwhile',
    'S-228': 'forget some time who is not listed any more',
    'S-229': 'put on lists whom a close or a note names, once and in the same step',
    'S-230': 'put nobody on a list for a report that is stale',
  }),
}

export const USAGE: Area = {
  title: 'Asking limits',
  about:
    'A fence may ask a limit without taking anything. Views and forecasts ask what is left of one, and decide nothing by it.',
  rules: rules('core', {
    'S-231': 'refuse whatever asks a limit that is closed until then, and nothing from then on',
    'S-232': 'take, keep and count nothing for a hold of 0, and refuse it for what is over the limit already alone',
    'S-235': 'tell what is held, spent and counted under a key, by which rule of which revision',
    'S-236': 'tell when a hold of 1 would be admitted as things are',
  }),
}

export const LEDGER: Area = {
  title: 'The ledger',
  about: 'What every call came to is handed to the host, and kept until the host says that it is safe.',
  rules: rules('core', {
    'S-240': 'keep the entry that a close or a note brings, once, and none of a report that is stale',
    'S-241':
      'hand out every entry as it was given, with its job and its task, oldest first, no more at once than asked for',
    'S-242': 'hand out no entry twice before its lease has ended, and what comes after it meanwhile',
    'S-243': 'hand out an entry again when its lease has ended without being acknowledged',
    'S-244':
      'forget what was acknowledged, also after the lease, and nothing else; a page that is known no more changes nothing',
    'S-245': 'keep the entries of a job that was purged',
    'S-246':
      'empty what the entries of a redacted task say, handed out or not, and keep them, and those of all others as they are',
  }),
}

export const MIXED: Area = {
  title: 'Fresh tasks among others',
  about: 'A job can give those who were never tried a share of the claims while others are due again.',
  rules: rules('core', {
    'S-250':
      'mix fresh tasks evenly with those due again: of any n claims in a row n × `freshShare` are fresh, to within 1',
    'S-251': 'give all claims to fresh tasks, or to those due again, while there are no others',
    'S-252':
      'prefer those due again without a share, go by one that was changed or taken away, and begin anew with one given again',
  }),
}
