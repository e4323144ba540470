import { type CarrierArea, rules } from './rule.js'

export const LOOKUP: CarrierArea = {
  title: 'Looking a call up',
  about:
    'For carriers that claim `lookup`. What it says is taken for proof: a call that was placed and is said not to exist is placed again.',
  rules: rules('lookup', {
    'C-080': 'find a call whose answer was lost, by its `ref`, in a process that knows nothing of it, and say its id',
    'C-081': 'find a call by its id',
    'C-082':
      'say how far a call has got, never further, and `ended` with no other outcome than it had once it has ended',
    'C-083': 'tell calls to the same number apart',
    'C-084': 'answer `notFound` for a call that was never placed, also when there is another call to the same number',
    'C-085': 'give with `notFound` an `asOf` in milliseconds that is not later than the look-up',
    'C-086':
      'answer `cannotTell` to whatever goes wrong with the look-up itself: an error, silence, too many requests, a refused key',
    'C-087':
      'answer `notFound` of a call that was placed only with an `asOf` that is less than `visibilityLag` after that, if at all',
    'C-088': 'change nothing by looking, however often and however many at once',
  }),
}

export const HANGUP: CarrierArea = {
  title: 'Hanging up',
  about:
    'For carriers that claim `hangup`. `done` and `gone` say that the call is not live; everything else says that it may be.',
  rules: rules('hangup', {
    'C-090': 'end a call that rings, and one that was answered, and answer `done`',
    'C-091': 'answer `gone` for a call that has ended',
    'C-092': 'answer `done` or `gone` when asked again, also at the same time',
    'C-093': 'not answer `done` or `gone` while the call is live, also in a process that has only its `ref`',
    'C-094': 'not answer `done` for a call that never was',
    'C-095': 'answer `refused`, or reject, when the service refuses or fails, so that it is asked again',
    'C-096': 'end no other call, also not one to the same number',
  }),
}

export const ACCOUNT: CarrierArea = {
  title: 'The account',
  about: 'For carriers with `check` and `needs`: what is wrong is said before anybody is called.',
  rules: [
    ...rules('check', {
      'C-100': 'find no problem in an account that is in order, alone and with the caller ids it has',
      'C-101': 'name the option and say what is wrong when the key is refused',
      'C-102': 'name `from` when a caller id is not the account’s',
      'C-103': 'reject when it cannot say, and never take that for an account in order or not',
      'C-104': 'place no call by checking',
    }),
    ...rules('needs', {
      'C-105': 'name at once, and each time the same, the variables that calls of an agent are made of',
      'C-106': 'throw nothing but `invalid_options` with the field `agent` for an agent that it does not have',
    }),
  ],
}

export const SECRETS: CarrierArea = {
  title: 'Secrets',
  about: 'Keys, tokens and passwords: what is answered, thrown and told is logged and stored.',
  rules: rules('core', {
    'C-110':
      'keep secrets out of every answer to `place`, `lookup` and `hangup`, and of what they throw, whatever the service does',
    'C-111': 'keep secrets out of events, of what `parseWebhook` throws, and of what `check` finds',
    'C-112': 'keep secrets out of itself as text: printed, inspected, or as JSON',
  }),
}

export const TOGETHER: CarrierArea = {
  title: 'At the same time',
  about: 'Any method may be called while any other is under way.',
  rules: rules('core', {
    'C-120': 'place, tell, look up and hang up calls at the same time, and mix none of them up',
  }),
}
