import { type ResourceArea, rules } from './rule.js'

export const CREATING: ResourceArea = {
  title: 'Creating',
  about: 'A creation may cost money, every month: one `create` makes one resource.',
  rules: rules('core', {
    'R-030': 'create one resource, and answer `done` with it, as `find` then shows it',
    'R-031': 'create another one for another ref',
  }),
}

export const UPDATING: ResourceArea = {
  title: 'Changing',
  about: 'The engine may repeat an update: after a crash, or when it cannot tell what came of it.',
  rules: rules('core', {
    'R-040': 'change what it was told to, by each of its keys, so that `find` shows it',
    'R-041': 'change nothing else, and no other resource',
    'R-042': 'be harmless to repeat: the same update twice is the same as once',
    'R-043': 'answer `failed` for a resource that is not there',
  }),
}

export const DELETING: ResourceArea = {
  title: 'Deleting',
  about: 'Deleting what is gone is done: the engine may repeat it.',
  rules: rules('core', {
    'R-045': 'delete the resource that was selected, by each of its keys, and no other',
    'R-046': 'answer `done` for a resource that is gone, or never was',
  }),
}

export const REFUSALS: ResourceArea = {
  title: 'Refusals',
  about:
    'What the service refused was not done. Whose fault it is decides: the item’s, which fails, or nobody’s, and it is tried again.',
  rules: rules('core', {
    'R-050': 'answer `failed` for an item that is refused, with the service’s code and a title for people',
    'R-051': 'name the field at fault by a JSON pointer into the data, if the service names it',
    'R-052':
      'answer `throttled` when there were too many requests, with nothing done and without asking again by itself',
    'R-053': 'give the time to wait that the service names as `retryAfter`, in milliseconds',
    'R-054': 'answer `failed` or `unavailable` when the key or the account is refused, with nothing done',
    'R-055': 'answer `unavailable` when the connection was refused, so that no byte has left',
    'R-056': 'answer `unavailable`, and write nothing, when `startable` says no',
    'R-057':
      'ask `startable` when nothing has to be waited for any more: from its yes to the first byte no other request, no connection and no clock comes between',
  }),
}

export const DOUBT: ResourceArea = {
  title: 'Doubt',
  about:
    'Whatever is neither a yes nor a no may have been done. A creation that is said to have failed is made again, and paid twice.',
  rules: rules('core', {
    'R-060': 'answer `unknown` to an error of the service’s own (5xx), whether it was done or not',
    'R-061': 'answer `unknown`, within thirty seconds, when the service does not answer',
    'R-062': 'answer `unknown` when the connection is reset after the request was read',
    'R-063': 'answer `unknown` to a creation whose success is not what the service documents',
    'R-064': 'ask for a creation once and never again by itself, whatever came of it',
  }),
}

export const CREATED: ResourceArea = {
  title: 'Finding what was created',
  about:
    'For back ends whose `createVisibility` is not `false`: after an `unknown` the engine looks, and creates again only what is not there.',
  rules: rules('findCreated', {
    'R-070': 'find what a creation made whose answer was lost, in a process that knows nothing of it',
    'R-071': 'find what a creation made that was answered',
    'R-072': 'answer `undefined` for a creation that was never asked for',
    'R-073': 'reject when it cannot say: an error, silence, too many requests, a refused key',
    'R-074': 'tell creations apart by their refs',
    'R-075': 'claim a `createVisibility` when its service shows creations late',
  }),
}
