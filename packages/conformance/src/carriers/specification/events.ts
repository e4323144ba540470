import { type CarrierArea, rules } from './rule.js'

export const EVENTS: CarrierArea = {
  title: 'Events',
  about:
    'What is heard of a call, by webhook or by `connect`. Another process than the one that placed it may hear it.',
  rules: [
    ...rules('events', {
      'C-050': 'give each event the `ref` of its attempt and the service’s id of the call',
      'C-051': 'tell of the end of a call once, as the last thing, and of an answer only if there was one',
      'C-052': 'end a call with the outcome that it had: nobody there, busy, a number that is none, and so on',
      'C-053': 'say how long was talked in `duration`, in milliseconds, and zero or nothing when nobody answered',
      'C-054': 'say when it happened in `at`, in milliseconds since the epoch, if it says so at all',
      'C-055': 'keep the service’s own words about the end in `raw`: texts and numbers',
      'C-056': 'say nothing of an outcome or a duration before the end',
      'C-057': 'tell of a call as well whose answer to `place` was lost, with the same `ref`',
    }),
    ...rules('amd', {
      'C-058': 'end a call that a machine has taken as `voicemail`',
    }),
  ],
}

export const WEBHOOKS: CarrierArea = {
  title: 'Webhooks',
  about:
    'Webhooks come twice, late, early, in any order, to any process, and from anybody. Verify the signature first, over the exact bytes.',
  rules: rules('webhooks', {
    'C-060':
      'make the same events of a webhook however often it comes, in whatever order, and before `place` has answered',
    'C-061': 'make the same events of it in another process, which has never heard of the call',
    'C-062': 'throw `webhook_forged` when there is no signature',
    'C-063': 'throw `webhook_forged` when it was signed with another key',
    'C-064': 'throw `webhook_forged` when it was changed after it was signed',
    'C-065': 'throw `webhook_forged` when it was signed a day ago, if signatures have a time',
    'C-066':
      'throw nothing but `webhook_forged` for whatever anybody posts: no body, another body, no headers, another address',
    'C-067': 'make no events of authentic webhooks that are not about its calls, and not throw',
  }),
}

export const PUSH: CarrierArea = {
  title: 'Connections',
  about: 'For carriers with `connect`, which push events in this process.',
  rules: rules('push', {
    'C-070': 'answer `connect` with a function that ends it, and that does no harm when called again',
    'C-071': 'tell the next host that is connected of calls that were placed before it was',
  }),
}
