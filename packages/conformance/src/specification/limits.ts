import { type Area, rules } from './rule.js'

export const LIMITS: Area = {
  title: 'Limits',
  about:
    'Limits are in the store and have revisions. What an attempt holds is written into its record, so that nothing leaks.',
  rules: rules('core', {
    'S-075': 'hold the slots that a fence takes until the attempt closes, and not longer',
    'S-076': 'count a cap in a window that rolls, to the last millisecond',
    'S-077': 'give a cap back on proof that nothing was placed, and only then',
    'S-078':
      'hold money until the attempt closes, then keep what was spent: all of the hold unless said otherwise, nothing when nothing was placed',
    'S-079': 'correct what was spent by a note, up and down, once per id',
    'S-080': 'leave a limit as it is unless the revision is higher',
    'S-081': 'refuse nothing any more once a limit is lifted',
    'S-082': 'give back what was taken under a rule that has changed since, and nothing else',
    'S-083': 'count keys apart that share a limit: caps, and money',
    'S-084': 'claim and fence nothing through a gate that is closed until an instant, and wake who waits for it then',
  }),
}

export const REPORTS: Area = {
  title: 'Reports',
  about: 'What is learned of an attempt may come late, twice and out of order. Each report is applied at most once.',
  rules: rules('core', {
    'S-085': 'apply evidence if its rank is higher, or equal while the attempt is unknown, and never lower',
    'S-086': 'make an attempt unknown by a doubt, once, without touching its rank',
    'S-087': 'close an attempt once, and count its outcome, its result and whether it was placed once',
    'S-088': 'add a note once per attempt and id, also after the end, and let it replace a result',
    'S-089':
      'freeze the task of a call it does not know as an unknown attempt, unless the task has ended or had that attempt',
    'S-090': 'give up the claim whose task a found call belongs to, and hold every gate for the call',
    'S-091': 'do with a task that is given back what the report says: wait, with its memo, or end',
    'S-092': 'do with a task whose attempt closes what the report says: wait, with its memo, or end',
    'S-093': 'change nothing, and log nothing, for a report that is stale',
    'S-094': 'keep the callId, memo and checkAt that evidence brings',
    'S-095':
      'let a note change the memo of a live attempt, and of no other, and close no attempt for who has not heard of such a note',
    'S-096':
      'tell by events what each attempt got into and how it ended, in the order of the reports, many in one exchange',
  }),
}
