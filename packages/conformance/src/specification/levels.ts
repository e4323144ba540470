import { type Area, type Rule, rules } from './rule.js'

export const SHARED: Area = {
  title: 'Many clients',
  about: 'For stores that claim `shared`: independent clients to the same data behave like one.',
  rules: rules('shared', {
    'S-180': 'show every client what another was answered',
    'S-181': 'give a task to one of two clients that claim at the same time',
    'S-182': 'hold limits over clients that claim and fence at the same time',
    'S-183': 'take the last exchange of a channel for repeated when it comes over another client',
    'S-184':
      'answer `gone` to a client whose claim was given to another while it was frozen, and apply nothing it reports of it',
    'S-185': 'wake whoever waits at one client for what another has done',
    'S-186': 'hand an overdue attempt to one of two clients that look at the same time',
    'S-187': 'make one job of requests with the same idempotency key over two clients at the same time',
    'S-188': 'let another client take the place of a batch whose client has died',
    'S-189': 'answer times that do not go back from one client to another',
    'S-190': 'apply a report once that two clients send at the same time',
    'S-191': 'let one of two changes with the same `ifRevision` through, at the same time',
    'S-192': 'hand an entry of the ledger to one of two clients that ask at the same time',
  }),
}

export const DURABLE: Area = {
  title: 'Crashes of the store',
  about:
    'For stores that claim `durable`: what was answered is there after a crash, and what is lost in spite of it does no harm.',
  rules: rules('durable', {
    'S-200': 'have every job, task, attempt, limit, list and event after a restart that it has answered for',
    'S-201': 'have a fence after a restart that was asked for with `durable`, with all it holds',
    'S-202': 'answer the last exchange of a channel again after a restart',
    'S-203': 'end leases and fire timers after a restart that came due meanwhile',
    'S-204': 'go on with an open batch after a restart, and with parked and waiting jobs',
    'S-205':
      'refuse the exchanges of channels that are ahead of it when it comes back older than it was, with `sequence_broken`',
    'S-206': 'give no ref a second time when it comes back older than it was, and adopt the calls it does not know',
    'S-207': 'answer no time before those it answered, also after it came back older than it was',
    'S-208':
      'have everybody on a list after a restart, with end and reason, and every entry of the ledger that nobody has acknowledged',
    'S-209': 'forget no entry of the ledger for a page that it handed out before it came back older than it was',
  }),
}

export const WHATEVER: Area = {
  title: 'Whatever happens',
  about:
    'Commands, clients, faults and interleavings drawn at random and judged by an independent model of a store. A failure names the seed and the path that repeat it.',
  rules: givenClock(
    ['S-210', 'S-211', 'S-213', 'S-214'],
    [
      ...rules('core', {
        'S-210': 'do what the model does, command by command, with every change sent twice',
        'S-211':
          'do what the model does with up to four clients that lose replies, send late, crash and thaw, however they interleave',
        'S-212':
          'keep every limit, lose nobody and tell it all with up to four workers at work at the same time, whatever becomes of them',
      }),
      ...rules('durable', {
        'S-213': 'do what the model does when it is restarted at any moment',
        'S-214': 'do what the model does when it comes back older than it was at any moment',
      }),
    ],
  ),
}

/** The model knows every instant: it can follow a store only by a clock that stands still while it looks. */
function givenClock(ids: readonly string[], all: readonly Rule[]): Rule[] {
  return all.map((rule) => (ids.includes(rule.id) ? { ...rule, needsGivenClock: true } : rule))
}
