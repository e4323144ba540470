import { type ResourceArea, rules } from './rule.js'

export const MANIFEST: ResourceArea = {
  title: 'What a back end says of itself',
  about: 'Its type, the fields by which resources are selected, how much it may be asked at once.',
  rules: rules('core', {
    'R-001': 'say its type, its keys, how many operations may run at once, and how long a creation may stay invisible',
    'R-002': 'say the same of itself in every process',
  }),
}

export const FINDING: ResourceArea = {
  title: 'Finding',
  about: 'A plan is made of what `find` says, and what is said not to be there is not done.',
  rules: rules('core', {
    'R-010': 'find a resource by each of its keys, in any process',
    'R-011': 'have the key fields among the fields of every resource, with the values by which it is found',
    'R-012': 'answer `undefined` for a resource that is not there',
    'R-013': 'reject when it cannot say: an error, silence, too many requests, a refused key',
    'R-014': 'find nothing of another organization',
    'R-015': 'change nothing by looking',
  }),
}

export const LISTING: ResourceArea = {
  title: 'Listing',
  about:
    'For back ends with `list`. A filter selects by it: what is left out is not changed, what comes twice is counted twice.',
  rules: rules('list', {
    'R-020': 'list everything, each once, however many pages it takes',
    'R-021': 'list nothing of another organization',
    'R-022': 'reject when it cannot say, and never end as if that were all',
    'R-023': 'let the reader stop at any resource, and begin anew at the next call',
    'R-024': 'list the same fields that `find` shows',
  }),
}

export const ACCOUNT: ResourceArea = {
  title: 'The account',
  about: 'For back ends with `check`: what is wrong is said before anything is begun.',
  rules: rules('check', {
    'R-080': 'find no problem in an account that is in order, and change nothing by checking',
    'R-081': 'name the option and say what is wrong when the key is refused',
    'R-082': 'reject when it cannot say',
  }),
}

export const SECRETS: ResourceArea = {
  title: 'Secrets',
  about: 'Keys, tokens and passwords: what is answered and thrown is logged and stored.',
  rules: rules('core', {
    'R-090': 'keep secrets out of every answer and of what is thrown, whatever the service does',
    'R-091': 'keep secrets out of itself as text: printed, inspected, or as JSON',
  }),
}

export const TOGETHER: ResourceArea = {
  title: 'At the same time',
  about: 'As many operations as `concurrency` says may be under way, and any number of questions.',
  rules: rules('core', {
    'R-100': 'create, change, delete and find at the same time, and mix none of it up',
  }),
}
