import { type CarrierArea, rules } from './rule.js'

export const MANIFEST: CarrierArea = {
  title: 'What a carrier says of itself',
  about: 'Capabilities are data. The engine plans by them, and everything they claim is proven by the rules below.',
  rules: rules('core', {
    'C-001':
      'say what it can do in the shape of the port: windows and times as numbers of milliseconds, a pace above zero',
    'C-002': 'have `lookup` when it claims it and not otherwise, and likewise `hangup`',
    'C-003': 'have some way by which the end of a call is heard of: `parseWebhook`, `connect` or `lookup`',
    'C-004': 'say the same of itself in every process',
  }),
}

export const PLACING: CarrierArea = {
  title: 'Placing a call',
  about: 'One `place` is one request, and at most one call.',
  rules: rules('core', {
    'C-010': 'place one call, from and to the numbers that were asked for, with one request',
    'C-011': 'answer `accepted` with the service’s own id of the call',
    'C-012': 'give the `ref` along, unchanged, in something that the service echoes',
    'C-013': 'place two calls for two refs, also to the same number',
    'C-014': 'answer every `place` with the id of its own call when many run at once',
    'C-015': 'ask the service to ring and to talk at most as long as the attempt says, if it can be asked',
    'C-016': 'answer `notSent`, and write nothing, when `startable` says no',
    'C-017':
      'ask `startable` when nothing has to be waited for any more: from its yes to the first byte no other call, no connection and no clock comes between',
  }),
}

export const REFUSALS: CarrierArea = {
  title: 'Refusals',
  about:
    'Answer `rejected` only when the service said no before placing. The reason decides who pays: the contact, nobody, or the job, which is paused.',
  rules: rules('core', {
    'C-020': 'answer `rejected` for `contact` when the service says that the number cannot be called',
    'C-021': 'answer `rejected` for `configuration` or `account` when the request, or how it is set up, is refused',
    'C-022': 'answer `rejected` for `account` or `configuration` when the account is refused',
    'C-023': 'answer `rejected` for `throttled` when there were too many requests, without asking again by itself',
    'C-024': 'give the time to wait that the service names as `retryAfter`, in milliseconds',
    'C-025': 'keep the service’s code of a refusal in `code`',
    'C-026': 'answer `rejected` for `account` or `configuration` when its key is refused',
    'C-027': 'place the next call as if nothing had been, after a refusal or a fault',
  }),
}

export const DOUBT: CarrierArea = {
  title: 'Doubt',
  about:
    'Whatever is neither a yes nor a no may have placed the call. Said to be refused, it would be called again: a person called twice.',
  rules: rules('core', {
    'C-030': 'answer `unknown` to an error of the service’s own (5xx), whether it placed the call or not',
    'C-031': 'answer `unknown`, within thirty seconds, when the service does not answer',
    'C-032': 'answer `unknown` when the connection is reset after the request was read',
    'C-033': 'answer `unknown` to a success that is not what the service documents',
    'C-034': 'answer `notSent` when the connection was refused, so that no byte has left',
    'C-035': 'ask the service once and never again by itself, whatever came of it',
  }),
}

export const IDEMPOTENCY: CarrierArea = {
  title: 'Repeating',
  about: 'For carriers that claim `idempotency`: the same `ref` within the window is the same call.',
  rules: rules('idempotency', {
    'C-040': 'answer a repeated `place`, from any process, with the id of the first call, and place no other',
    'C-041': 'answer a `place` whose answer was lost with the id of the call that it placed, when it is repeated',
    'C-042': 'know a `ref` again until the end of the window that it claims',
  }),
}
